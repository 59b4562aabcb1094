"""A form's parts as other programs write them: the same cells in another manner."""

from __future__ import annotations

import re
from collections.abc import Callable

from hostile import Parts, unzipped, zipped
from openpyxl.formula.translate import Translator

SHEETS, STRINGS = "xl/worksheets/", "xl/sharedStrings.xml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
MORE = (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr"'
    ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    ' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
    ' xr:uid="{00000000-0001-0000-0100-000000000000}"'
)
FORMULA = re.compile(r'<c r="(K)([0-9]+)"([^>]*)><f>([^<]*)</f>')


def by_excel(form: bytes) -> bytes:
    """As Excel saves it: marks of its own on root and rows, shared formulas, texts in several formats."""
    return _rewritten(form, _excel_sheet, _excel_strings)


def by_libreoffice(form: bytes) -> bytes:
    """As LibreOffice saves it: everything said out loud, quotes and line breaks as entities."""
    return _rewritten(form, _libreoffice_sheet, _libreoffice_strings)


def _rewritten(form: bytes, sheet: Callable[[str], str], strings: Callable[[str], str]) -> bytes:
    parts: Parts = unzipped(form)
    for name, content in parts.items():
        if name.startswith(SHEETS):
            parts[name] = sheet(content.decode()).encode()
    parts[STRINGS] = strings(parts[STRINGS].decode()).encode()
    return zipped(parts)


def _excel_sheet(text: str) -> str:
    text = DECLARED + text.partition("?>")[2].lstrip()
    text = re.sub(r"<worksheet[^>]*", lambda root: root[0] + MORE, text, count=1)
    text = re.sub(r"<row ([^>]*[^/>])>", r'<row \1 thickBot="1" x14ac:dyDescent="0.25">', text)
    return _shared(text)


def _shared(text: str) -> str:
    """One formula of a column lends its text to those below it that say the same of their own row."""
    master: list[str] = []

    def share(found: re.Match[str]) -> str:
        place, source = f"{found[1]}{found[2]}", f"={found[4]}"
        head = f'<c r="{place}"{found[3]}>'
        if master and Translator(master[1], origin=master[0]).translate_formula(place) == source:
            return f'{head}<f t="shared" si="0"/>'
        if master:
            return found[0]
        master.extend((place, source))
        return f'{head}<f t="shared" ref="{place}:K9999" si="0">{found[4]}</f>'

    # The first one refers to no row above it, as all others do.
    first = FORMULA.search(text)
    return text[: first.end()] + FORMULA.sub(share, text[first.end() :]) if first else text


def _excel_strings(text: str) -> str:
    def rich(found: re.Match[str]) -> str:
        one, two = found[1][:3], found[1][3:]
        bold = '<rPr><b/><sz val="12"/><rFont val="Times New Roman"/></rPr>'
        return f'<si><r><t>{one}</t></r><r>{bold}<t xml:space="preserve">{two}</t></r></si>'

    text = re.sub(r"<si><t>([^<&]{9,})</t></si>", rich, text, count=3)
    return text.replace("</t></si>", '</t><phoneticPr fontId="1" type="noConversion"/></si>', 5)


def _libreoffice_sheet(text: str) -> str:
    text = re.sub(r"<f>([^<]*)</f>", lambda f: f'<f aca="false">{f[1].replace(chr(34), "&quot;")}</f>', text)
    text = re.sub(r'(<c r="[A-Z]+[0-9]+" s="[0-9]+")>', r'\1 t="n">', text)
    return re.sub(r"<row ", '<row customFormat="false" hidden="false" outlineLevel="0" ', text)


def _libreoffice_strings(text: str) -> str:
    text = text.replace("<si><t>", '<si><t xml:space="preserve">')
    head, _, body = text.partition("<si>")
    return (
        head
        + "<si>"
        + body.replace("\n", "&#10;").replace('"', "&quot;").replace("=&quot;preserve&quot;", '="preserve"')
    )
