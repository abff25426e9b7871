"""Writes everything that a planted organisation would export into one folder."""

from __future__ import annotations

from pathlib import Path

from orgnet.simulate.contact import draw_contact
from orgnet.simulate.mbox_export import write_mbox
from orgnet.simulate.organisation import Organisation
from orgnet.simulate.roster_export import write_roster
from orgnet.simulate.slack_export import write_slack


def write_exports(organisation: Organisation, folder: Path) -> dict[str, Path]:
    """Write roster, chat and mail as the real systems export them, noise included.

    Parameters
    ----------
    organisation
        As planted; the same organisation gives the same bytes.
    folder
        Made if it does not exist; files of the same names in it are replaced.

    Returns
    -------
    dict of Path
        ``people``: ``people.csv``, a roster; ``slack``: ``slack-export.zip``, a corporate export
        with direct messages; ``mail``: ``mail.mbox``, an archive.

    Examples
    --------
    >>> import tempfile
    >>> from orgnet.simulate.organisation import plant_organisation
    >>> firm = plant_organisation(people=30, departments=3, silos=0, bottlenecks=0, weak_links=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_exports(firm, Path(folder))
    ...     {name: path.name for name, path in files.items()}
    {'people': 'people.csv', 'slack': 'slack-export.zip', 'mail': 'mail.mbox'}
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "people": folder / "people.csv",
        "slack": folder / "slack-export.zip",
        "mail": folder / "mail.mbox",
    }
    contact = draw_contact(organisation)
    write_roster(organisation, files["people"])
    write_slack(organisation, contact, files["slack"])
    write_mbox(organisation, contact, files["mail"])
    return files
