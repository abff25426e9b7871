"""Which folders and labels hold drafts, spam and trash, in the languages of their users."""

from __future__ import annotations

from pathlib import PurePath

_NAMES = {
    # What waits in an outbox was not sent either.
    "draft": """
        draft, drafts, outbox, unsent messages, entwürfe, postausgang, brouillons, boîte d'envoi,
        borradores, bandeja de salida, bozze, posta in uscita, rascunhos, caixa de saída, concepten,
        postvak uit, utkast, utkorgen, kladder, udbakke, utboks, luonnokset, lähtevät,
        wersje robocze, robocze, skrzynka nadawcza, koncepty, piszkozatok, ciorne, черновики,
        исходящие, чернетки, taslaklar, πρόχειρα, 下書き, 送信トレイ, 草稿, 草稿箱, 임시보관함
    """,
    "spam": """
        spam, junk, junk e-mail, junk email, junk mail, junk-e-mail, bulk mail, indésirables,
        courrier indésirable, pourriel, correo no deseado, posta indesiderata, lixo eletrônico,
        lixo eletrónico, lixo electrónico, ongewenste e-mail, skräppost, søppelpost, uønsket e-mail,
        uønsket mail, roskaposti, wiadomości-śmieci, nevyžádaná pošta, levélszemét, спам,
        нежелательная почта, gereksiz, gereksiz e-posta, 迷惑メール, 垃圾邮件, 垃圾郵件, 스팸함
    """,
    "trash": """
        trash, bin, deleted items, deleted messages, deletions, purges, papierkorb,
        gelöschte elemente, gelöschte objekte, corbeille, éléments supprimés, messages supprimés,
        papelera, elementos eliminados, cestino, posta eliminata, lixeira, itens excluídos,
        itens eliminados, prullenbak, verwijderde items, papperskorg, papperskorgen, borttaget,
        borttagna objekt, papirkurv, slettet post, slettede elementer, roskakori, poistetut, kosz,
        elementy usunięte, koš, odstraněná pošta, kuka, törölt elemek, корзина, удаленные,
        удалённые, кошик, çöp kutusu, silinmiş öğeler, κάδος απορριμμάτων, ゴミ箱,
        削除済みアイテム, 已删除邮件, 刪除的郵件, 휴지통
    """,
}
_REASON_OF = {
    " ".join(name.split()): reason for reason, names in _NAMES.items() for name in names.split(",")
}


def reason_of_place(name: str) -> str | None:
    """Return why the mails of a folder or label are left out, None where they are not.

    Parameters
    ----------
    name
        Of the folder or label alone, without those above it.

    Returns
    -------
    str or None
        ``draft``, ``spam`` or ``trash``.

    Examples
    --------
    >>> reason_of_place("Entwürfe"), reason_of_place("Deleted Items"), reason_of_place("Inbox")
    ('draft', 'trash', None)
    """
    return _REASON_OF.get(" ".join(name.split()).casefold())


def reason_of_path(path: str) -> str | None:
    """Return why the mails below a path are left out: by any of the folders in it.

    Parameters
    ----------
    path
        Folders of mail, ``/`` as separator; in a Maildir ``.INBOX.Drafts`` is the folder Drafts,
        with letters outside of ASCII as in IMAP (``.Entw&APw-rfe``).

    Examples
    --------
    >>> reason_of_path(".INBOX.Entw&APw-rfe/cur"), reason_of_path("aya/Inbox")
    ('draft', None)
    """
    for folder in path.split("/"):
        name = _from_imap(folder.rpartition(".")[2] if folder.startswith(".") else folder)
        if reason := reason_of_place(name):
            return reason
    return None


def _from_imap(name: str) -> str:
    """Decode the form of UTF-7 in which IMAP writes the names of mailboxes."""
    if "&" not in name or not name.isascii():
        return name
    as_utf7 = name.replace("+", "+-").replace("&", "+").replace(",", "/")
    try:
        return as_utf7.encode("ascii").decode("utf-7")
    except UnicodeDecodeError:
        return name


def reason_of_file(path: PurePath) -> str | None:
    """Return why the mails of an mbox are left out: by its name, or that of Apple's folder.

    Examples
    --------
    >>> reason_of_file(PurePath("Profile/Trash")), reason_of_file(PurePath("Drafts.mbox/mbox"))
    ('trash', 'draft')
    """
    file = path.parent if path.name.lower() == "mbox" else path
    name = file.name
    for ending in (".gz", ".mbox", ".mbx"):
        name = name[: -len(ending)] if name.lower().endswith(ending) else name
    return reason_of_place(name)
