"""Where contact between departments hangs on one or two people; never which ones."""

from __future__ import annotations

from orgnet.report_model import anchor
from orgnet_reports.blocks import Block, Cell, Paragraph, Section, Table
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name


def bottlenecks(page: Page) -> Section | None:
    """Return the pairs of departments in words, without share, side or name."""
    if page.model.mode != "full":
        return None
    say, found = page.say, page.model.bottlenecks
    blocks: list[Block] = []
    if untested := page.untested("bottlenecks"):
        blocks = [Paragraph(text=untested)]
    elif page.model.policy.concentration == "withhold":
        blocks = [Paragraph(text=say("bottlenecks.withheld"))]
    elif not found:
        blocks = [Paragraph(text=say("bottlenecks.none"))]
    else:
        blocks = [
            Table(
                caption=say.counted("bottlenecks.caption", len(found), count=len(found)),
                columns=tuple(
                    say(f"bottlenecks.table.{name}")
                    for name in ("first", "second", "people", "confidence")
                ),
                rows=tuple(
                    (
                        Cell(
                            text=Name(item.group_a),
                            anchor=anchor("bottleneck", item.group_a, item.group_b),
                        ),
                        Cell(text=Name(item.group_b)),
                        Cell(text=say(f"bottleneck.people.{item.people}")),
                        Cell(text=say(f"confidence.{item.confidence}")),
                    )
                    for item in found
                ),
                file_name="bottlenecks",
            )
        ]
    blocks.append(Paragraph(text=say("bottlenecks.privacy"), tone="note"))
    return Section(
        anchor="bottlenecks",
        title=say("bottlenecks.title"),
        lead=say("bottlenecks.lead"),
        blocks=tuple(blocks),
    )
