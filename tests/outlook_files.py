"""Writes small Outlook files for the tests: PST (MS-PST, Unicode) and ``.msg`` (MS-CFB, MS-OXMSG).

A property is ``number -> value``: text (of 16 bits), bytes (text of 8 bits), bytearray (bytes),
int, or a datetime.
"""

import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

Value = str | bytes | bytearray | int | datetime
Properties = dict[int, Value]

_INTEGER, _TEXT_8, _TEXT_16, _TIME, _BINARY = 0x0003, 0x001E, 0x001F, 0x0040, 0x0102
_START = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Message:
    properties: Properties
    recipients: list[Properties] = field(default_factory=list)


@dataclass(frozen=True)
class Folder:
    name: str
    messages: list[Message] = field(default_factory=list)
    folders: list["Folder"] = field(default_factory=list)


def _typed(value: Value) -> tuple[int, bytes]:
    if isinstance(value, str):
        return _TEXT_16, value.encode("utf-16-le")
    if isinstance(value, bytes):
        return _TEXT_8, value
    if isinstance(value, bytearray):
        return _BINARY, bytes(value)
    if isinstance(value, int):
        return _INTEGER, struct.pack("<I", value)
    steps = (value - _START) // (datetime.resolution) * 10
    return _TIME, struct.pack("<Q", steps)


# --- PST ---------------------------------------------------------------------------------------

_FOLDER, _MESSAGE, _SUBFOLDERS, _CONTENTS, _ASSOCIATED = 0x02, 0x04, 0x0D, 0x0E, 0x0F
_STORE, _NAMES, _ROOT, _RECIPIENTS = 0x21, 0x61, 0x122, 0x692
_ROW_ID, _ROW_VERSION = (0x67F2, _INTEGER), (0x67F3, _INTEGER)


def write_pst(path: Path, *folders: Folder) -> Path:
    """Write a PST with the folders below its root."""
    pst = _Pst()
    pst.node(_STORE, _property_context({0x3001: "Mailbox"}), parent=0)
    pst.node(_NAMES, _property_context({1: 1} | {n: bytearray(16) for n in (2, 3, 4)}), parent=0)
    pst.folder(_ROOT, Folder("", folders=list(folders)), parent=_ROOT)
    path.write_bytes(pst.finish())
    return path


class _Pst:
    def __init__(self) -> None:
        self._data = bytearray(0x4800)
        self._blocks: list[tuple[int, int, int]] = []
        self._nodes: list[tuple[int, int, int, int]] = []
        self._next_id = 0x400

    def folder(self, identifier: int, folder: Folder, *, parent: int) -> None:
        stem = identifier & ~0x1F
        children = [(self._new(_FOLDER), child) for child in folder.folders]
        messages = [(self._new(_MESSAGE), message) for message in folder.messages]
        counts = {0x3001: folder.name, 0x3602: len(messages), 0x3603: 0, 0x360A: len(children)}
        self.node(identifier, _property_context(counts), parent=parent)
        self.node(stem | _SUBFOLDERS, _table([(n, {}) for n, _ in children]), parent=0)
        self.node(stem | _CONTENTS, _table([(n, {}) for n, _ in messages]), parent=0)
        self.node(stem | _ASSOCIATED, _table([]), parent=0)
        for number, message in messages:
            subnodes = {}
            if message.recipients:
                rows = list(enumerate(message.recipients))
                subnodes[_RECIPIENTS] = _table(rows)
            context = _property_context(message.properties)
            self.node(number, context, parent=identifier, subnodes=subnodes)
        for number, child in children:
            self.folder(number, child, parent=identifier)

    def _new(self, kind: int) -> int:
        self._next_id += 1
        return self._next_id << 5 | kind

    def node(
        self, identifier: int, data: bytes, *, parent: int, subnodes: dict[int, bytes] | None = None
    ) -> None:
        below = 0
        if subnodes:
            entries = [struct.pack("<QQQ", n, self._block(each), 0) for n, each in subnodes.items()]
            head = struct.pack("<BBHI", 2, 0, len(entries), 0)
            below = self._block(head + b"".join(entries), internal=True)
        self._nodes.append((identifier, self._block(data), below, parent))

    def _block(self, data: bytes, *, internal: bool = False) -> int:
        assert len(data) <= 8176
        number = (len(self._blocks) + 1) << 2 | (2 if internal else 0)
        place = len(self._data)
        room = -(-(len(data) + 16) // 64) * 64
        trailer = struct.pack("<HHIQ", len(data), _signature(place, number), _crc(data), number)
        self._data += data.ljust(room - 16, b"\0") + trailer
        self._blocks.append((number, place, len(data)))
        return number

    def finish(self) -> bytes:
        blocks = [(n, struct.pack("<QQHHI", n, at, size, 2, 0)) for n, at, size in self._blocks]
        nodes = [
            (n, struct.pack("<QQQII", n, data, below, parent, 0))
            for n, data, below, parent in sorted(self._nodes)
        ]
        self._data += bytes(-len(self._data) % 512)
        node_root = self._tree(nodes, 0x81, 32)
        block_root = self._tree(blocks, 0x80, 24)
        self._header(node_root, block_root)
        return bytes(self._data)

    def _tree(self, entries: list[tuple[int, bytes]], kind: int, size: int) -> tuple[int, int]:
        """Write the pages of a B-tree, the leaves first, and return where its root is."""
        level = 0
        while True:
            most = 488 // size
            pages = []
            for start in range(0, len(entries), most):
                some = entries[start : start + most]
                pages.append((some[0][0], self._page([e for _, e in some], kind, size, level)))
            if len(pages) == 1:
                return pages[0][1]
            entries = [(key, struct.pack("<QQQ", key, *page)) for key, page in pages]
            size, level = 24, level + 1

    def _page(self, entries: list[bytes], kind: int, size: int, level: int) -> tuple[int, int]:
        place = len(self._data)
        number = 0x1000 + place // 512 * 4
        counts = struct.pack("<BBBBI", len(entries), 488 // size, size, level, 0)
        body = b"".join(entries).ljust(488, b"\0") + counts
        self._data += body
        self._data += struct.pack(
            "<BBHIQ", kind, kind, _signature(place, number), _crc(body), number
        )
        return number, place

    def _header(self, node_root: tuple[int, int], block_root: tuple[int, int]) -> None:
        root = struct.pack("<IQQQQ", 0, len(self._data), 0x4400, 0, 0)
        root += struct.pack("<QQQQBBH", *node_root, *block_root, 2, 0, 0)
        body = struct.pack("<HHHBBIIQQI", 0x4D53, 23, 19, 1, 1, 0, 0, 0, 0x9000, 1)
        body += bytes(128 + 8) + root + bytes(4) + b"\xff" * 256
        body += struct.pack("<BBHQ", 0x80, 0, 0, (len(self._blocks) + 9) << 2)
        head = b"!BDN" + struct.pack("<I", _crc(body[:471])) + body
        head += struct.pack("<I", _crc(body[:516]))
        self._data[: len(head)] = head


def _crc(data: bytes) -> int:
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _signature(place: int, number: int) -> int:
    mixed = (place ^ number) & 0xFFFFFFFF
    return mixed >> 16 ^ mixed & 0xFFFF


class _Heap:
    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def add(self, data: bytes) -> int:
        """Keep a stretch of bytes and return its number; 0 for none."""
        if not data:
            return 0
        self._parts.append(data)
        return len(self._parts) << 5

    def finish(self, kind: int, root: int) -> bytes:
        starts, data = [], bytearray(12)
        for part in self._parts:
            starts.append(len(data))
            data += part
        starts.append(len(data))
        data += bytes(len(data) % 2)
        data[:12] = struct.pack("<HBBII", len(data), 0xEC, kind, root, 0)
        data += struct.pack(f"<HH{len(starts)}H", len(self._parts), 0, *starts)
        return bytes(data)


def _tree_in_heap(heap: _Heap, key_bytes: int, entry_bytes: int, records: list[bytes]) -> int:
    root = heap.add(b"".join(records))
    return heap.add(struct.pack("<BBBBI", 0xB5, key_bytes, entry_bytes, 0, root))


def _property_context(properties: Properties) -> bytes:
    heap, records = _Heap(), []
    for number in sorted(properties):
        kind, data = _typed(properties[number])
        value = data if kind == _INTEGER else struct.pack("<I", heap.add(data))
        records.append(struct.pack("<HH", number, kind) + value)
    return heap.finish(0xBC, _tree_in_heap(heap, 2, 6, records))


def _table(rows: list[tuple[int, Properties]]) -> bytes:
    columns = {_ROW_ID: 0, _ROW_VERSION: 4}
    for _, properties in rows:
        for number, value in properties.items():
            columns.setdefault((number, _typed(value)[0]), 4 * len(columns))
    heap = _Heap()
    width = 4 * len(columns)
    bits = list(columns)
    row_bytes = width + -(-len(columns) // 8)
    matrix = b""
    for identifier, properties in rows:
        row = bytearray(row_bytes)
        cells = {_ROW_ID: struct.pack("<I", identifier), _ROW_VERSION: struct.pack("<I", 1)}
        for number, value in properties.items():
            kind, data = _typed(value)
            cell = data if kind == _INTEGER else struct.pack("<I", heap.add(data))
            cells[number, kind] = cell
        for column, cell in cells.items():
            row[columns[column] : columns[column] + 4] = cell
            bit = bits.index(column)
            row[width + bit // 8] |= 0x80 >> bit % 8
        matrix += row
    index = [struct.pack("<II", identifier, at) for at, (identifier, _) in enumerate(rows)]
    index_root = _tree_in_heap(heap, 4, 4, index)
    cells_root = heap.add(matrix)
    described = sorted(
        (number << 16 | kind, at, bits.index((number, kind)))
        for (number, kind), at in columns.items()
    )
    info = struct.pack("<BB4H", 0x7C, len(columns), width, width, width, row_bytes)
    info += struct.pack("<III", index_root, cells_root, 0)
    info += b"".join(struct.pack("<IHBB", tag, at, 4, bit) for tag, at, bit in described)
    return heap.finish(0x7C, heap.add(info))


# --- .msg --------------------------------------------------------------------------------------

_FREE, _CHAIN_END, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
_SECTOR, _SMALL, _LARGE_FROM = 512, 64, 4096
_CLASS_OF_MESSAGES = bytes.fromhex("0B0D020000000000C000000000000046")

#: Name -> a stream's bytes, or what is in a storage.
Storage = dict[str, "bytes | Storage"]


def msg_bytes(message: Message) -> bytes:
    """Return a ``.msg`` file."""
    content = _streams(message.properties, 32)
    for number, recipient in enumerate(message.recipients):
        content[f"__recip_version1.0_#{number:08X}"] = _streams(recipient, 8)
    content["__nameid_version1.0"] = {"__substg1.0_00020102": b""}
    return compound_file(content)


def _streams(properties: Properties, head_bytes: int) -> Storage:
    streams: Storage = {}
    fixed = bytes(head_bytes)
    for number, value in sorted(properties.items()):
        kind, data = _typed(value)
        in_stream = kind in (_TEXT_8, _TEXT_16, _BINARY)
        if in_stream:
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = data
            data = struct.pack("<I", len(data))
        fixed += struct.pack("<HHI", kind, number, 6) + data.ljust(8, b"\0")
    streams["__properties_version1.0"] = fixed
    return streams


def compound_file(content: Storage, root_class: bytes = _CLASS_OF_MESSAGES) -> bytes:
    """Return a compound file (MS-CFB, version 3) of less than 7 MB."""
    entries: list[bytearray] = []
    table: list[int] = []
    small_table: list[int] = []
    sectors, small = bytearray(), bytearray()

    def place(data: bytes, room: bytearray, chain: list[int], size: int) -> int:
        count = -(-len(data) // size)
        first = len(chain)
        chain.extend([*range(first + 1, first + count), _CHAIN_END][:count])
        room.extend(data.ljust(count * size, b"\0"))
        return first if count else _CHAIN_END

    def entry(name: str, kind: int, data: bytes = b"", root: bytes = bytes(16)) -> int:
        if kind == 2:
            large = len(data) >= _LARGE_FROM
            where = (sectors, table, _SECTOR) if large else (small, small_table, _SMALL)
            start = place(data, *where)
        else:
            start = 0
        raw = name.encode("utf-16-le") + b"\0\0"
        fixed = struct.pack("<HBBIII", len(raw), kind, 1, _NONE, _NONE, _NONE)
        state = bytes(20) + struct.pack("<IQ", start, len(data))
        entries.append(bytearray(raw.ljust(64, b"\0") + fixed + root + state))
        return len(entries) - 1

    def fill(parent: int, storage: Storage) -> None:
        before, offset = parent, 76
        for name, inside in sorted(storage.items(), key=lambda kv: (len(kv[0]), kv[0].upper())):
            number = entry(name, 2, inside) if isinstance(inside, bytes) else entry(name, 1)
            entries[before][offset : offset + 4] = struct.pack("<I", number)
            if isinstance(inside, dict):
                fill(number, inside)
            before, offset = number, 72

    root = entry("Root Entry", 5, root=root_class)
    fill(root, content)
    entries[root][116:] = struct.pack(
        "<IQ", place(bytes(small), sectors, table, _SECTOR), len(small)
    )
    small_start = place(struct.pack(f"<{len(small_table)}I", *small_table), sectors, table, _SECTOR)
    directory_start = place(b"".join(entries), sectors, table, _SECTOR)
    table_sectors = -(-(len(table) + 2) // 127)
    table_start = len(table)
    table += [0xFFFFFFFD] * table_sectors
    packed = struct.pack(f"<{len(table)}I", *table).ljust(table_sectors * _SECTOR, b"\xff")
    heads = [table_start + n for n in range(table_sectors)]
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    header += struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, table_sectors)
    header += struct.pack(
        "<IIIIIII",
        directory_start,
        0,
        _LARGE_FROM,
        small_start,
        -(-len(small_table) // 128),
        _CHAIN_END,
        0,
    )
    header += struct.pack(f"<{len(heads)}I", *heads)
    return header.ljust(_SECTOR, b"\xff") + bytes(sectors) + packed
