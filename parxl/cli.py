"""The command line: a thin coat over ``actions``. Results on stdout, messages on stderr."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from parxl import __version__
from parxl.console import Vietnamese, VietnameseGroup, speak_utf8, usage_text
from parxl.findings import Finding, ParxlError, WrongUsage, finding

if TYPE_CHECKING:
    from parxl.workshop import Pace
    from parxl.writing import Report

# parxl.actions brings pandas and the workbook libraries: imported by the commands, not by --help.
DIRECTORY = click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
MAILINGS = ("forms", "reminders", "results")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
JOBS = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="SỐ",
    help="Số tiến trình chạy cùng lúc (không ghi: bằng số nhân của máy).",
)


@click.group(cls=VietnameseGroup, context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option(__version__, "--version", message="parxl %(version)s", help="Hiện số phiên bản.")
def parxl() -> None:
    """Chấm điểm Chỉ số cải cách hành chính: nhận phiếu Excel, trả kết quả Excel."""


@parxl.command(cls=Vietnamese)
@AS_JSON
def sets(as_json: bool) -> None:
    """Liệt kê các bộ tiêu chí có sẵn."""
    from parxl.criteria import known_sets, load_set

    found = [load_set(name) for name in known_sets()]
    if as_json:
        rows = [{"id": s.id, "title": s.title, "edition": s.edition} for s in found]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.id}\n    {one.title}\n    {one.decision}")


@parxl.command(cls=Vietnamese)
@click.argument("name", metavar="SET")
@AS_JSON
def check(name: str, as_json: bool) -> None:
    """Kiểm tra một bộ tiêu chí (mã có sẵn hoặc tệp .toml)."""
    from parxl.criteria import load_set
    from parxl.exact import short_text

    found = load_set(name)
    scored = [leaf for leaf in found.leaves if leaf.parts]
    facts = {
        "id": found.id,
        "edition": found.edition,
        "criteria": len(scored),
        "inputs": len(found.inputs),
        "total": short_text(found.total.max),
        "restored": list(found.restored),
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{found.id} (phiên bản {found.edition}): không có lỗi.")
    click.echo(f"{len(scored)} tiêu chí chấm điểm, {len(found.inputs)} ô số liệu, tổng {facts['total']} điểm.")
    if found.restored:
        click.echo(f"Công thức tạm khôi phục, chờ đối chiếu với bản gốc: {', '.join(found.restored)}.")


@parxl.command(cls=Vietnamese)
@DIRECTORY
@click.option(
    "--set", "set_name", required=True, metavar="SET", help="Bắt buộc: mã bộ tiêu chí hoặc tệp .toml."
)
@click.option(
    "--year",
    type=click.IntRange(2000, 2099),
    metavar="NĂM",
    help="Năm chấm điểm, từ 2000 đến 2099 (không ghi: năm nay).",
)
@click.option(
    "--units",
    type=click.Path(path_type=Path),
    metavar="TỆP",
    help="Lấy danh sách đơn vị từ một tệp .xlsx hoặc .csv đã có.",
)
def new(directory: Path, set_name: str, year: int | None, units: Path | None) -> None:
    """Tạo thư mục cho một đợt chấm mới."""
    from parxl.actions import new_campaign

    report = new_campaign(directory, set_name, year, units)
    _tell(report.findings)
    if report.exit_code:
        sys.exit(report.exit_code)
    click.echo(f"Đã tạo đợt chấm trong {directory}.")
    task = "kiểm tra" if units else "nhập"
    click.echo(f"Tiếp theo: mở {directory / 'dot-cham.xlsx'}, {task} trang “Đơn vị”.")
    click.echo(f"Rồi chạy: parxl forms {_quoted(directory)}")


def _quoted(path: Path) -> str:
    """A path as it must be typed on a command line, on Windows too."""
    return f'"{path}"' if " " in str(path) else str(path)


def _pace(jobs: int | None) -> Pace:
    """As many processes as asked for, and a bar."""
    from parxl.progress import bar
    from parxl.workshop import Pace, all_cores

    return Pace(jobs or all_cores(), bar)


@parxl.command(cls=Vietnamese)
@DIRECTORY
@JOBS
def forms(directory: Path, jobs: int | None) -> None:
    """Tạo phiếu chấm điểm (đã khóa) cho từng đơn vị."""
    from parxl.actions import issue_forms

    report = issue_forms(directory, _pace(jobs))
    _tell(report.findings)
    click.echo(f"Đã tạo {len(report.written)} phiếu trong {directory / '1-phieu'}.")
    sys.exit(report.exit_code)


def _workbook(ctx: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """A workbook to write: under another name no program would open it."""
    if path and path.suffix.lower() != ".xlsx":
        raise click.BadParameter("", ctx, option)
    return path


@parxl.command(cls=Vietnamese)
@DIRECTORY
@click.argument("files", metavar="TỆP…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="TỆP",
    callback=_workbook,
    help="Tên tệp .xlsx ghi ra (không ghi: <mã đơn vị>-gop.xlsx).",
)
def merge(directory: Path, files: tuple[Path, ...], out: Path | None) -> None:
    """Gộp các phần của một phiếu do nhiều người cùng điền."""
    from parxl.merging import merge_forms

    merged = merge_forms(directory, files, out)
    _tell(merged.findings)
    click.echo(merged.text, nl=False)
    sys.exit(merged.exit_code)


@parxl.command(cls=Vietnamese)
@DIRECTORY
@AS_JSON
@click.option("--publish", is_flag=True, help="Ghi thêm bảng công bố (bang-cong-bo.xlsx).")
@JOBS
def score(directory: Path, as_json: bool, publish: bool, jobs: int | None) -> None:
    """Chấm các phiếu trong 2-nop, ghi kết quả vào 4-ket-qua."""
    from parxl.actions import score_campaign
    from parxl.results import to_json
    from parxl.terminal import files_text, league_text, summary_text

    report = score_campaign(directory, _pace(jobs), publish)
    assert report.results is not None
    _tell([*report.findings, *_serious(report)])
    click.echo(to_json(report.results, report.books) if as_json else league_text(report.results), nl=False)
    if report.results.intake.files:
        click.echo(files_text(report.results), err=True)
    click.echo(summary_text(report.results), err=True)
    click.echo(f"Đã ghi {len(report.written)} tệp kết quả vào {directory / '4-ket-qua'}.", err=True)
    sys.exit(report.exit_code)


@parxl.command(cls=Vietnamese)
@DIRECTORY
@click.option(
    "--round",
    "number",
    type=click.IntRange(1, 2),
    default=1,
    metavar="LẦN",
    help="Lần thẩm định, 1 hoặc 2 (không ghi: 1).",
)
@click.option("--explain", is_flag=True, help="Tạo phiếu giải trình cho các đơn vị bị giảm điểm ở lần 1.")
@JOBS
def appraisal(directory: Path, number: int, explain: bool, jobs: int | None) -> None:
    """Tạo tệp thẩm định theo lĩnh vực, hoặc phiếu giải trình."""
    from parxl.appraising import appraise_campaign, explain_campaign

    if explain and number != 1:
        text = "Tùy chọn --explain chỉ đi với lần thẩm định 1."
        raise WrongUsage([finding("PX902", text=text, command="parxl appraisal")])
    if explain:
        report = explain_campaign(directory, _pace(jobs))
        where = directory / "1-phieu" / "giai-trinh"
        words = f"Đã tạo {len(report.written)} phiếu giải trình trong {where}."
    else:
        report = appraise_campaign(directory, number, _pace(jobs))
        where = directory / "3-tham-dinh" / f"lan-{number}"
        words = f"Đã tạo {len(report.written)} tệp thẩm định trong {where}."
    _tell(report.findings)
    click.echo(words)
    sys.exit(report.exit_code)


@parxl.command(cls=Vietnamese)
@DIRECTORY
@click.argument("mailing", metavar="forms|reminders|results", type=click.Choice(MAILINGS))
@click.option("--dry-run", is_flag=True, help="Chỉ ghi thư vào 5-thu và liệt kê ai nhận gì, không gửi.")
@click.option("--to", "trial", metavar="ĐỊA_CHỈ", help="Gửi thử: mọi thư đến một địa chỉ này.")
@click.option("--only", multiple=True, metavar="MÃ", help="Chỉ đơn vị này (ghi được nhiều lần).")
@click.option(
    "--resend",
    multiple=True,
    metavar="MÃ",
    help="Gửi lại thư bị từ chối, chưa rõ kết quả của đơn vị này.",
)
@click.option("--again", is_flag=True, help="Nhắc lại cả những đơn vị đã được nhắc.")
def mail(
    directory: Path,
    mailing: Literal["forms", "reminders", "results"],
    dry_run: bool,
    trial: str | None,
    only: tuple[str, ...],
    resend: tuple[str, ...],
    again: bool,
) -> None:
    """Gửi thư cho từng đơn vị: phiếu, thư nhắc hoặc kết quả."""
    from parxl.mailing import Wanted, mail_campaign
    from parxl.progress import bar

    if again and mailing != "reminders":
        text = "Tùy chọn --again chỉ đi với reminders."
        raise WrongUsage([finding("PX902", text=text, command="parxl mail")])
    if trial is not None and not trial.strip():
        # An empty variable of a script must not send to everybody.
        raise WrongUsage([finding("PX810", address=trial)])
    mailed = mail_campaign(directory, Wanted(mailing, dry_run, trial or "", only, resend, again), bar)
    _tell(mailed.findings)
    for line in mailed.lines:
        click.echo(line)
    click.echo(f"{mailed.prepared} thư trong {directory / '5-thu'}; đã gửi {mailed.sent} lượt.", err=True)
    sys.exit(mailed.exit_code)


def _serious(report: Report) -> list[Finding]:
    """The errors; warnings and notes stand in the workbooks."""
    assert report.results is not None
    return [found for found in report.results.findings if found.severity == "error"]


def _tell(findings: Iterable[Finding]) -> None:
    for found in findings:
        click.echo(str(found), err=True)


def main() -> None:
    """The console script: every failure as a coded Vietnamese message and its exit code."""
    speak_utf8()
    try:
        # Without standalone mode click raises its own errors, and returns the code of --help.
        sys.exit(parxl.main(prog_name="parxl", standalone_mode=False))
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "parxl"
        _tell([finding("PX902", text=usage_text(error), command=command)])
        sys.exit(2)
    except ParxlError as error:
        _tell(error.findings)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _tell([finding("PX903")])
        sys.exit(1)
    except Exception as error:
        if os.environ.get("PARXL_DEBUG"):
            traceback.print_exc()
        _tell([finding("PX901", reason=type(error).__name__)])
        sys.exit(1)
