"""The words of a letter as officers write them: Markdown with `{{ fields }}`, read into the blocks that a letter is made of.

Markdown is read first and fields are filled afterwards, so what a bid says (`<b>`, `**`, `{{`) is never read as markup.
There is no code: a field is a name on the list of its kind of letter. Headings, paragraphs, lists, bold, italic and links
are all there is; HTML, pictures and tables stay the letters that they are typed with.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from fund.core.pdf import blocks
from fund.core.pdf.runs import Bold, Italic, Link, Plain, Run
from fund.core.problems import Problem

LONGEST = 30_000  # characters
DEEPEST = 4  # lists within lists
_FIELD = re.compile(r"\{\{\s*([^{}\n]*?)\s*\}\}")
_ALONE = re.compile(r"^\s*\{\{\s*([^{}\n]*?)\s*\}\}\s*$")
_BRACES = re.compile(r"\{\{|\}\}")
_READS = ["heading", "list", "paragraph", "newline", "escape", "emphasis", "link", "text", "block", "inline", "normalize", "balance_pairs", "fragments_join", "text_join"]  # fmt: skip


class TemplateProblem(Problem):
    """The words cannot be a letter. Its sentence names the line and says what to change."""

    def __init__(self, sentence: str, line: int | None = None):
        super().__init__(f"Line {line}: {sentence}" if line else sentence, "words")


@dataclass
class Fields:
    """What may be filled in: `text(name)` answers the runs of a field within a sentence, `blocks(name)` a field that stands
    alone. Each raises TemplateProblem for a name that it does not know or a fact that is not there."""

    texts: Callable[[str], Sequence[Run]]
    blocks: Callable[[str], Sequence[blocks.Block]]
    is_block: Callable[[str], bool]
    used: set[str] = field(default_factory=set)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False, "maxNesting": 40})
    return reader.enable(_READS, ignoreInvalid=True)


def read(words: str, fields: Fields) -> list[blocks.Block]:
    """The blocks of a template with its fields filled in. Raises TemplateProblem with the line that is wrong."""
    if len(words) > LONGEST:
        raise TemplateProblem(f"Shorten the letter to {LONGEST:,} characters or fewer.")
    root = SyntaxTreeNode(_reader().parse(words))
    return list(_Reading(fields).all_of(root.children))


class _Reading:
    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.level = 1  # the title of the letter stands above

    def all_of(self, nodes: Sequence[SyntaxTreeNode], depth: int = 0) -> Iterator[blocks.Block]:
        for node in nodes:
            yield from self._block(node, depth)

    def _block(self, node: SyntaxTreeNode, depth: int) -> Iterator[blocks.Block]:
        if node.type == "heading":
            yield self._heading(node)
        elif node.type == "paragraph":
            yield from self._paragraph(node, depth)
        elif node.type in ("bullet_list", "ordered_list"):
            if depth >= DEEPEST:
                raise TemplateProblem("This list is too deep. Make it flatter.", _line(node))
            yield self._list(node, depth)

    def _heading(self, node: SyntaxTreeNode) -> blocks.Heading:
        level = int(node.tag[1:])
        if level == 1:
            raise TemplateProblem(
                "Begin headings with ## or ###. The title of the letter is made for you.", _line(node)
            )
        if level > min(self.level + 1, 3):
            raise TemplateProblem("Use ## for a heading and ### only below one with ##.", _line(node))
        self.level = level
        text = self._runs(node)
        if not any(run.text.strip() for run in text):
            raise TemplateProblem("A heading needs words.", _line(node))
        return blocks.Heading(level, text)

    def _paragraph(self, node: SyntaxTreeNode, depth: int) -> Iterator[blocks.Block]:
        alone = _ALONE.match(node.children[0].content)
        if alone and self.fields.is_block(alone[1]):
            if depth:
                raise TemplateProblem(f"“{alone[1]}” cannot stand within a list.", _line(node))
            self.fields.used.add(alone[1])
            yield from self._told(node, self.fields.blocks, alone[1])
            return
        yield blocks.Paragraph(self._runs(node))

    def _list(self, node: SyntaxTreeNode, depth: int) -> blocks.Block:
        items = [self._item(child, depth + 1) for child in node.children]
        if node.type == "bullet_list":
            return blocks.BulletList(items)
        return blocks.NumberedList(items, start=int(node.attrs.get("start", 1)))

    def _item(self, node: SyntaxTreeNode, depth: int) -> blocks.Item:
        if not node.children or node.children[0].type != "paragraph":
            raise TemplateProblem("Each item of a list begins with words.", _line(node))
        return blocks.Item(self._runs(node.children[0]), list(self.all_of(node.children[1:], depth)))

    def _runs(self, node: SyntaxTreeNode) -> list[Run]:
        return list(self._inline(node.children[0].children, Plain, _line(node)))

    def _inline(self, nodes: Sequence[SyntaxTreeNode], kind: Callable[[str], Run], line: int) -> Iterator[Run]:
        for node in nodes:
            if node.type == "text":
                yield from self._filled(node.content, kind, line)
            elif node.type == "softbreak":
                yield kind(" ")
            elif node.type == "hardbreak":
                yield kind("\n")
            elif node.type in ("strong", "em"):
                yield from self._inline(node.children, Bold if node.type == "strong" or kind is Bold else Italic, line)
            elif node.type == "link":
                yield self._link(node, line)

    def _link(self, node: SyntaxTreeNode, line: int) -> Link:
        words = "".join(run.text for run in self._inline(node.children, Plain, line))
        try:
            return Link(words, str(node.attrs["href"]))
        except ValueError:
            raise TemplateProblem("A link needs words, and an address that begins with https:// or mailto:.", line) from None  # fmt: skip

    def _filled(self, text: str, kind: Callable[[str], Run], line: int) -> Iterator[Run]:
        place = 0
        for found in _FIELD.finditer(text):
            yield from self._literal(text[place : found.start()], kind, line)
            place = found.end()
            yield from self._field(found[1], kind, line)
        yield from self._literal(text[place:], kind, line)

    def _literal(self, text: str, kind: Callable[[str], Run], line: int) -> Iterator[Run]:
        if _BRACES.search(text):
            raise TemplateProblem(
                "Write a field in two pairs of curly brackets on one line, with nothing between but its name.", line
            )
        if text:
            yield kind(text)

    def _field(self, name: str, kind: Callable[[str], Run], line: int) -> Iterator[Run]:
        if self.fields.is_block(name):
            raise TemplateProblem(f"Put the field “{name}” in a paragraph of its own, with an empty line before and after.", line)  # fmt: skip
        self.fields.used.add(name)
        for run in self._at(line, self.fields.texts, name):
            yield kind(run.text) if isinstance(run, Plain) else run

    def _told(self, node: SyntaxTreeNode, act: Callable, name: str):
        found = self._at(_line(node), act, name)
        for block in found:
            if isinstance(block, blocks.Heading):
                self.level = block.level
        return found

    def _at(self, line: int, act: Callable, name: str):
        """Say at which line a field is wrong."""
        try:
            return act(name)
        except TemplateProblem as problem:
            raise TemplateProblem(problem.sentence, line) from None


def _line(node: SyntaxTreeNode) -> int | None:
    return node.map[0] + 1 if node.map else None
