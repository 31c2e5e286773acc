"""Writes the structure tree that the pen noted into the file, with what PDF/UA-1 asks of links, figures and tables."""

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from fund.core.pdf.pen import Annotation, Element, Mark
from fund.core.pdf.runs import plain

_TABLE, _LAYOUT, _LIST = Name.Table, Name.Layout, Name.List
PRINTED = 4  # the annotation flag that PDF/A demands


def write_structure(pdf: pikepdf.Pdf, root: Element, language: str) -> None:
    """Puts the tree of elements under StructTreeRoot and says that the file is tagged."""
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    writer = _Writer(pdf)
    tree.K = Array([writer.write(root, tree)])
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=writer.parent_tree()))
    tree.ParentTreeNextKey = len(writer.pages) + len(writer.annotations)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


class _Writer:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.pages = [page.obj for page in pdf.pages]
        self.parents: list[dict[int, pikepdf.Object]] = [{} for _ in self.pages]
        self.annotations: list[pikepdf.Object] = []  # the Link element of each annotation
        for index, page in enumerate(self.pages):
            page.StructParents, page.Tabs = index, Name.S

    def write(self, element: Element, parent: pikepdf.Object) -> pikepdf.Object:
        node = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + element.tag), P=parent))
        for name, value in _attributes(element).items():
            node[name] = value
        node.K = Array([self._kid(kid, node) for kid in element.kids])
        return node

    def _kid(self, kid: Element | Mark | Annotation, node: pikepdf.Object) -> pikepdf.Object:
        if isinstance(kid, Element):
            return self.write(kid, node)
        if isinstance(kid, Annotation):
            return Dictionary(Type=Name.OBJR, Pg=self.pages[kid.page], Obj=self._annotation(kid, node))
        self.parents[kid.page][kid.number] = node
        return Dictionary(Type=Name.MCR, Pg=self.pages[kid.page], MCID=kid.number)

    def _annotation(self, kid: Annotation, node: pikepdf.Object) -> pikepdf.Object:
        annotation = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array(list(kid.corners)),
                Border=Array([0, 0, 0]),
                F=PRINTED,
                Contents=String(plain(kid.link)),
                StructParent=len(self.pages) + len(self.annotations),
                A=Dictionary(S=Name.URI, URI=String(kid.link.address)),
            )
        )
        self.annotations.append(node)
        page = self.pages[kid.page]
        if "/Annots" not in page:
            page.Annots = Array()
        page.Annots.append(annotation)
        return annotation

    def parent_tree(self) -> Array:
        """From each page's marks, and each annotation, back to its element."""
        numbers = Array()
        for index, nodes in enumerate(self.parents):
            numbers.append(index)
            numbers.append(self.pdf.make_indirect(Array([nodes[number] for number in range(len(nodes))])))
        for index, node in enumerate(self.annotations, start=len(self.pages)):
            numbers.append(index)
            numbers.append(node)
        return numbers


def _attributes(element: Element) -> dict[str, pikepdf.Object]:
    given = element.attributes
    if "Scope" in given:
        return {"/A": Dictionary(O=_TABLE, Scope=Name(f"/{given['Scope']}"))}
    if "ListNumbering" in given:
        return {"/A": Dictionary(O=_LIST, ListNumbering=Name(f"/{given['ListNumbering']}"))}
    if "Alt" in given:
        return {
            "/Alt": String(given["Alt"]),
            "/A": Dictionary(O=_LAYOUT, Placement=Name.Block, BBox=Array(given["BBox"])),
        }
    return {}
