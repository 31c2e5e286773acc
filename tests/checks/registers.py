"""A server on this machine that speaks as the Charity Commission and Companies House do, and misbehaves when told to.

The bodies have the fields that both registers document; the bodies that are out of order are what gateways, captive
portals and broken servers send.
"""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "key-that-nobody-may-see"


def charity(number: int, name: str, **facts) -> dict[str, Any]:
    """An answer of GetAllCharityDetailsV2, with the fields it documents."""
    return {
        "organisation_number": number + 7_000_000, "reg_charity_number": number, "group_subsid_suffix": 0, "charity_name": name,
        "charity_type": "CIO", "insolvent": False, "in_administration": False, "prev_excepted_ind": False, "cif_cdf_ind": None,
        "cio_dissolution_ind": False, "interim_manager_ind": None, "date_of_interim_manager_appt": None, "reg_status": "R",
        "date_of_registration": "2014-05-06T00:00:00", "date_of_removal": None,
        "latest_acc_fin_year_start_date": "2024-04-01T00:00:00", "latest_acc_fin_year_end_date": "2025-03-31T00:00:00",
        "latest_income": 186400.0, "latest_expenditure": 179950.5, "address_line_one": "2 Lantern Row", "address_line_two": "Durham",
        "address_post_code": "DH1 9ZZ", "phone": "01632 960101", "email": "office@lamplight.example.org", "web": None,
        "charity_co_reg_number": None, "reporting_status": "Submission Received", "removal_reason": None, "cio_ind": True,
        "last_modified_time": "2026-01-20T03:00:00",
        "trustee_names": [{"trustee_name": "Ada Wear", "trustee_id": 1}, {"trustee_name": "Bede Tees", "trustee_id": 2}],
        "who_what_where": [], "CharityAoOCountryContinent": [], "CharityAoOLocalAuthority": [], "CharityAoORegion": [],
        "other_names": [], "constituency_name": [],
    } | facts  # fmt: skip


def company(number: str, name: str, **facts) -> dict[str, Any]:
    """A company profile of Companies House, with the fields it documents."""
    return {
        "company_number": number, "company_name": name, "company_status": "active", "type": "private-limited-guarant-nsc",
        "jurisdiction": "england-wales", "date_of_creation": "2016-02-03", "etag": "0a1b2c", "has_charges": False,
        "has_insolvency_history": False, "can_file": True, "sic_codes": ["93199"],
        "registered_office_address": {"address_line_1": "1 Weir Lane", "locality": "Darlington", "postal_code": "DL1 9ZZ"},
        "accounts": {
            "overdue": False, "next_due": "2026-11-30", "next_made_up_to": "2026-02-28",
            "accounting_reference_date": {"day": "28", "month": "2"},
            "last_accounts": {"made_up_to": "2025-02-28", "type": "total-exemption-full"},
            "next_accounts": {"due_on": "2026-11-30", "overdue": False},
        },
        "confirmation_statement": {"last_made_up_to": "2025-02-02", "next_due": "2026-02-16", "overdue": False},
        "links": {"self": f"/company/{number}"},
    } | facts  # fmt: skip


class Registers:
    """Both registers at one address. `say` sets what is said of a number; `seen` are the requests that came, in order."""

    def __init__(self):
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.said: dict[str, Any] = {}
        self.before_answer = lambda: None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def say(self, number: str, answer: Any, status: int = 200, **headers: str) -> None:
        """Answer a number with a JSON object, or with bytes as they are, or by calling a function with the request."""
        self.said[number] = (answer, status, {name.replace("_", "-"): value for name, value in headers.items()})

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.seen.append((request.path, dict(request.headers)))
        self.before_answer()
        if not self._knows_the_key(request):
            self.send(request, 401, {"statusCode": 401, "message": "Access denied due to invalid subscription key."})
            return
        number = request.path.removeprefix("/register/api/allcharitydetailsV2/").removeprefix("/company/")
        number = number.removesuffix("/0").replace("/", "-")
        if number in self.said:
            answer, status, headers = self.said[number]
            if callable(answer):
                answer(request)
            else:
                self.send(request, status, answer, headers)
        elif request.path.startswith("/company/"):
            self.send(request, 404, {"errors": [{"error": "company-profile-not-found", "type": "ch:service"}]})
        else:
            self.send(request, 404, {"statusCode": 404, "message": "Resource not found"})

    def _knows_the_key(self, request) -> bool:
        if request.path.startswith("/company/"):
            return request.headers.get("Authorization") == "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
        return request.headers.get("Ocp-Apim-Subscription-Key") == KEY

    @staticmethod
    def send(request, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        request.send_response(status)
        kind = "text/html" if body.startswith(b"<") else "application/json; charset=utf-8"
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | (headers or {})).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)


def drip(request) -> None:
    """An answer that begins and then comes a byte at a time."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    for _ in range(200):
        try:
            request.wfile.write(b" ")
            request.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def hang(request) -> None:
    """No answer at all for longer than anybody waits."""
    time.sleep(1.5)
    request.close_connection = True


def cut(request) -> None:
    """An answer that ends in the middle of its own words."""
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"company_name": "HALF')
    request.close_connection = True


def flood(request) -> None:
    """An answer without end."""
    request.send_response(200)
    request.end_headers()
    piece = b"x" * 65536
    try:
        for _ in range(2000):
            request.wfile.write(piece)
    except OSError:
        request.close_connection = True
