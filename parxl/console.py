"""The command line's own Vietnamese: usage, help and errors that click words in English."""

from __future__ import annotations

import sys
from typing import Any

import click

NAMES = {"DIR": "THƯ_MỤC", "SET": "BỘ_TIÊU_CHÍ"}
WORDS = {
    **NAMES,
    "[OPTIONS]": "[TÙY_CHỌN]",
    "COMMAND [ARGS]...": "LỆNH [THAM_SỐ]...",
}


class Vietnamese(click.Command):
    """A command whose help speaks Vietnamese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = [WORDS.get(piece, piece) for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Cách dùng: ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Hiện hướng dẫn này."
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = [row for row in (_option_row(option, ctx) for option in options) if row]
        if rows:
            with formatter.section("Tùy chọn"):
                formatter.write_dl(rows)


def _option_row(option: click.Option, ctx: click.Context) -> tuple[str, str] | None:
    """What click says of one option, without its English and its mathematics."""
    record = option.get_help_record(ctx)
    if record is None:
        return None
    left = " ".join(WORDS.get(word, word) for word in record[0].split(" "))
    return left, option.help or ""


class VietnameseGroup(Vietnamese, click.Group):
    """The command ``parxl`` itself."""

    command_class = Vietnamese

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Vietnamese.format_options(self, ctx, formatter)
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            rows.append((name, command.get_short_help_str(limit=90) if command else ""))
        with formatter.section("Các lệnh"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a round uses them."""
        return list(self.commands)


def usage_text(error: click.UsageError) -> str:
    """A wrong call in Vietnamese."""
    if isinstance(error, click.NoSuchOption):
        return f"Không có tùy chọn “{error.option_name}”."
    if isinstance(error, click.MissingParameter):
        return f"Thiếu {_parameter(error)}."
    if isinstance(error, click.BadParameter):
        return f"Giá trị của {_parameter(error)} không hợp lệ."
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        return "Chưa ghi lệnh cần chạy."
    words = error.message.split("'")
    if error.message.startswith("No such command") and len(words) > 1:
        return f"Không có lệnh “{words[1]}”."
    if error.message.startswith("Got unexpected extra argument"):
        return f"Thừa tham số: {error.message.partition('(')[2].rstrip(').')}."
    if isinstance(error, click.BadOptionUsage):
        return f"Tùy chọn “{error.option_name}” dùng chưa đúng."
    return "Lệnh gọi chưa đúng."


def _parameter(error: click.BadParameter) -> str:
    param = error.param
    if isinstance(param, click.Option):
        return f"tùy chọn {param.opts[0]}"
    name = (param.human_readable_name if param else "") or str(error.param_hint or "")
    return f"tham số {NAMES.get(name, name)}"


def speak_utf8() -> None:
    """UTF-8 on every console, whatever its code page; never a crash over one letter."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
