# SPDX-License-Identifier: Apache-2.0
"""Which markup a text is written in, told by its signs; a text that has none is shown as it is.

Results rarely say what their comments are. Most are traces, where a star or an underscore is a star or an underscore:
a trace stays what it is unless it holds what nobody writes by accident (a fence, `{code}`, a numbered heading).
"""

from __future__ import annotations

import re

from radiograph.domain.markup.inline import PLAIN, inline
from radiograph.domain.markup.markdown import read_markdown
from radiograph.domain.markup.tree import LONGEST, Block, Code, Document, Paragraph
from radiograph.domain.markup.wiki import read_wiki

_LOOKED_AT = 20_000
_LEAST_ENTRIES = 2
_TRACE = re.compile(
    r"""\x1b\[|^\s{1,200}at\ \S|^\s{0,200}File\ "|^Traceback\ |^E\s{2,20}\S|^\s{0,200}Caused\ by:|^\t
    |^[ ]{4,200}(?![-*+]\s|[0-9]{1,9}[.)]\s)\S|^[\w.]{0,200}(?:Error|Exception|Failure)(?::|$)""",
    re.MULTILINE | re.VERBOSE,
)
_WIKI_BLOCK = re.compile(r"^[ \t]{0,3}h[1-6]\.[ ]+\S|\{(?:code|noformat|quote|panel)(?::[^{}\n]{0,300})?\}", re.MULTILINE)
_MARKDOWN_BLOCK = re.compile(r"^[ ]{0,3}(?:```|~~~)|^#{2,6}[ ]+\S", re.MULTILINE)
_WIKI = re.compile(
    r"^bq\.\ |^\|\||\{\{[^{}\s](?:[^{}\n]{0,2000}[^{}\s])?\}\}|\[[^\[\]\n|]{1,1000}\|(?:https?://|mailto:)|\{color[:}]|^![^\s!][^!\n]{0,300}!$|\[\^[^\[\]\n]{1,300}\]",
    re.MULTILINE | re.VERBOSE,
)
_MARKDOWN = re.compile(
    r"""^\#\ \S|(?<!\w)\*\*\S|(?<!\w)__\S|\]\((?:https?://|mailto:)|!\[[^\[\]\n]{0,300}\]\(|^\|[-:|\ ]{3,1000}\|$|^>\ |`[^`\n]{1,2000}`
    |^\s{0,3}[-*+]\ \[[ xX]\]\ """,
    re.MULTILINE | re.VERBOSE,
)
_ENTRY = re.compile(r"^[ ]{0,6}(?:[*#]{1,6}|-|[0-9]{1,3}\.)[ ]+\S", re.MULTILINE)
_STARRED = re.compile(r"(?<![\w*/])\*[^\s*][^*\n]{0,300}\*(?![\w*/])")


def read_text(text: str) -> Document:
    """A text in whatever it is written in; one of over `LONGEST` characters is a trace."""
    text = text.replace("\r\n", "\n")
    kind = "trace" if len(text) > LONGEST else kind_of(text)
    if kind == "trace":
        return Document(kind, (Code(text),))
    reader = {"wiki": read_wiki, "markdown": read_markdown}.get(kind, _prose)
    return Document(kind, reader(text))


def kind_of(text: str) -> str:
    """`wiki`, `markdown`, `prose` or `trace`, by the first 20,000 characters."""
    text = text[:_LOOKED_AT]
    wiki, markdown = (len(sign.findall(text)) for sign in (_WIKI_BLOCK, _MARKDOWN_BLOCK))
    if wiki or markdown:
        return "wiki" if wiki >= markdown else "markdown"
    if _TRACE.search(text):
        return "trace"
    wiki, markdown = (len(sign.findall(text)) for sign in (_WIKI, _MARKDOWN))
    if wiki or markdown:
        return "wiki" if wiki >= markdown else "markdown"
    entries = _ENTRY.findall(text)
    if len(entries) >= _LEAST_ENTRIES:
        return "markdown" if entries[0].strip()[0].isdigit() else "wiki"
    return "wiki" if _STARRED.search(text) else "prose"


def _prose(text: str) -> tuple[Block, ...]:
    """Paragraphs with nothing but their lines, addresses and keys."""
    return tuple(Paragraph(inline(part.strip("\n"), PLAIN)) for part in re.split(r"\n[ \t]{0,100}\n", text) if part.strip())
