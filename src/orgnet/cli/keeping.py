"""What is done with a results folder later: forget, purge, the trail, the papers, the key."""

from __future__ import annotations

from pathlib import Path

import typer

from orgnet.files import write_bytes
from orgnet.privacy_pack.facts import facts_of
from orgnet.privacy_pack.page import FILE, page_of
from orgnet.pseudonyms import key_path, project_key, rotate_key
from orgnet.restricted import trail as access
from orgnet.restricted.forgetting import forget as remove
from orgnet.restricted.retention import purge as delete
from orgnet.words import require_language


def forget(
    folder: Path, person: str, *, people: Path | None, key: Path | None, project: str | None
) -> None:
    """Take somebody out, and say what was written before and is to be made again."""
    removed = remove(folder, person, people=people, project=project or "default", key_file=key)
    access.record(
        folder,
        "forget",
        counts={"ties": removed.ties, "people": removed.rows, "stored counts": removed.counts},
    )
    typer.echo(
        f"Removed {removed.ties:,} weekly ties, {removed.rows:,} rows of figures and "
        f"{removed.counts:,} stored counts. Later analyses into this folder leave this person out."
    )
    if removed.counting:
        typer.echo(
            f"Still count this person, without naming anybody: {', '.join(removed.counting)}. "
            "Run `orgnet analyse` into this folder again, then write them again."
        )
    if removed.showing:
        typer.echo(
            f"May still show this person: {', '.join(removed.showing)}. Delete them, or write "
            "them again with `orgnet report`, and ask whoever has a copy to do so too."
        )
    if people is None:
        typer.echo(
            "Without --people only this one id is remembered; with the roster, the person's other "
            "addresses are too."
        )
    typer.echo(
        "Results in other folders know nothing of it: forget there too, and put a yes into the "
        "roster's column 'opt_out'."
    )


def purge(
    folder: Path, *, keep_months: int, dry_run: bool, key: Path | None, project: str | None
) -> None:
    """Delete what is older than the rule says, or say what would be."""
    purged = delete(
        folder,
        keep_months=keep_months,
        dry_run=dry_run,
        project=project or "default",
        key_file=key,
    )
    counts = {
        "ties": purged.ties,
        "people": purged.people,
        "stored counts": purged.counts,
        "leftovers": purged.leftovers,
    }
    if not dry_run:
        access.record(folder, "purge", counts=counts)
    typer.echo(
        f"{'Would delete' if dry_run else 'Deleted'} {purged.ties:,} weekly ties from before "
        f"{purged.before.isoformat()}, {purged.people:,} rows of figures by person, "
        f"{purged.counts:,} stored counts and {purged.leftovers:,} leftover temporary files; "
        f"{purged.ties_kept:,} ties, {purged.people_kept:,} rows and {purged.counts_kept:,} counts "
        "are kept."
    )


def trail(folder: Path, *, verify: bool) -> int:
    """Print the trail, or check it; return the exit code."""
    if verify:
        verdict = access.verify(folder)
        for problem in verdict.problems:
            typer.echo(f"orgnet: {access.FILE}: {problem}", err=True)
        if not verdict.problems:
            typer.echo(f"{verdict.entries:,} lines, nothing changed")
        return 1 if verdict.problems else 0
    for entry in access.entries(folder):
        line = "  ".join(_said(entry))
        # Whoever wrote a purpose may have put in what moves a terminal's cursor.
        typer.echo("".join(sign if sign.isprintable() else "?" for sign in line))
    return 0


def privacy_pack(folder: Path, *, language: str | None) -> None:
    """Write the papers that go with a run, in the language of its report or another."""
    facts = facts_of(folder)
    path = folder / FILE
    write_bytes(path, page_of(facts, require_language(language or facts.language)))
    access.record(folder, "privacy-pack", outputs=[path])
    typer.echo(str(path))


def show_key(*, key: Path | None, project: str | None) -> None:
    """Print where the key is."""
    path = key_path(project or "default", file=key)
    typer.echo(f"{path}{'' if path.exists() else ' (not made yet)'}")


def new_key(*, key: Path | None, project: str | None) -> None:
    """Make a key where there is none."""
    path = key_path(project or "default", file=key)
    if path.exists():
        typer.echo(f"{path} is there already and was left as it is; `orgnet key rotate` replaces")
        return
    project_key(project or "default", file=key)
    typer.echo(f"Made {path}")


def rotate(*, key: Path | None, project: str | None, yes: bool) -> None:
    """Replace the key, after a question."""
    if not yes:
        typer.confirm(
            "Results that were stored with the old key can then not be led back to people: no "
            "names, no team edition, and nobody can be found there to be forgotten. Go on?",
            abort=True,
        )
    path = rotate_key(project or "default", file=key)
    typer.echo(f"Replaced {path}. The old key is gone.")
    typer.echo(
        "Results folders of before keep figures under pseudonyms that nobody can resolve: analyse "
        "again into them, or delete what they keep with `orgnet purge DIR --keep-months 0`."
    )


def _said(entry: dict[str, object]) -> list[str]:
    parts = [str(entry.get(name) or "-") for name in ("at", "who", "action")]
    what = " ".join(str(entry[name]) for name in ("edition", "format") if entry.get(name))
    if what:
        parts.append(what)
    if entry.get("names"):
        parts.append("with names")
    for name, said in (("purpose", "for"), ("asked_by", "asked by")):
        if entry.get(name):
            parts.append(f"{said}: {entry[name]}")
    policy = entry.get("policy")
    if isinstance(policy, dict):
        parts.append(
            f"policy {policy.get('version', '?')}, minimum group {policy.get('minimum_group', '?')}"
        )
    written = entry.get("outputs")
    if isinstance(written, list):
        parts += [f"{output['file']} {output['sha256'][:12]}" for output in written]
    counts = entry.get("counts")
    if isinstance(counts, dict):
        parts += [f"{count} {name}" for name, count in counts.items()]
    return parts
