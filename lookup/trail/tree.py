"""The Merkle tree over the entries: RFC 6962 hashing, kept as tiles of 256 hashes (https://c2sp.org/tlog-tiles).

Promises: roots and inclusion proofs as RFC 6962 section 2.1 defines them, from four tiles instead of every leaf. Trusts
nobody: tiles may come from a store that somebody edited, so whoever reads them compares the root with a checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from lookup.refusals import RecordBroken

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
FULL_TILE = TILE_WIDTH * HASH_BYTES
EMPTY_ROOT = sha256(b"").digest()

ReadTile = Callable[[int, int], bytes]
"""The hashes of the tile of this level and number; empty where there is none."""


def leaf_hash(entry: bytes) -> bytes:
    """The tree's hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


class Peaks:
    """The root of a growing tree, without its leaves: one hash for each full subtree."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf, by its hash."""
        peaks, size = self._peaks, self.size
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root now."""
        return _fold(self._peaks)


class Growth:
    """The right edge of the tiled tree, to which leaves are added; `changed` holds the tiles to be stored."""

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        """The edge of the stored tree of this size. Raises `RecordBroken` where a tile is too short."""
        self.size = size
        self.changed: dict[tuple[int, int], bytes] = {}
        self._edges: list[bytearray] = []
        while size:
            hashes = read_tile(len(self._edges), size // TILE_WIDTH)[: size % TILE_WIDTH * HASH_BYTES]
            if len(hashes) != size % TILE_WIDTH * HASH_BYTES:
                raise RecordBroken("The stored tree lacks hashes.")
            self._edges.append(bytearray(hashes))
            size //= TILE_WIDTH

    def add(self, leaf: bytes) -> None:
        """One more leaf, by its hash."""
        self._add(0, self.size, leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root now."""
        peaks: list[bytes] = []
        for edge in reversed(self._edges):
            peaks += _peaks_of(bytes(edge))
        return _fold(peaks)

    def _add(self, level: int, position: int, value: bytes) -> None:
        if level == len(self._edges):
            self._edges.append(bytearray())
        edge = self._edges[level]
        edge += value
        self.changed[level, position // TILE_WIDTH] = bytes(edge)
        if len(edge) == FULL_TILE:
            self._edges[level] = bytearray()
            self._add(level + 1, position // TILE_WIDTH, _full_root(bytes(edge)))


def inclusion_path(index: int, size: int, read_tile: ReadTile) -> list[bytes]:
    """The hashes that lead from the leaf at `index` to the root of the first `size` leaves (RFC 6962, 2.1.1)."""
    tiles: dict[tuple[int, int], bytes] = {}

    def node(level: int, position: int) -> bytes:
        height = level % TILE_HEIGHT
        first = position << height
        place = (level // TILE_HEIGHT, first // TILE_WIDTH)
        if place not in tiles:
            tiles[place] = read_tile(*place)
        start = first % TILE_WIDTH * HASH_BYTES
        hashes = tiles[place][start : start + (HASH_BYTES << height)]
        if len(hashes) != HASH_BYTES << height:
            raise RecordBroken("The stored tree lacks hashes.")
        return _full_root(hashes)

    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _left_size(high - low)
        if index < middle:
            path.append(_range_root(middle, high, node))
            high = middle
        else:
            path.append(_range_root(low, middle, node))
            low = middle
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise `RecordBroken` unless `path` leads from the leaf's hash to `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise RecordBroken("The entry's index lies beyond the checkpoint.")
    position, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise RecordBroken("The proof is longer than the tree is high.")
        if position & 1 or position == last:
            value = node_hash(sibling, value)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        position, last = position >> 1, last >> 1
    if last or value != root:
        raise RecordBroken("The proof does not lead to the checkpoint's root.")


def _range_root(low: int, high: int, node: Callable[[int, int], bytes]) -> bytes:
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, low >> level)
    middle = low + _left_size(size)
    return node_hash(_range_root(low, middle, node), _range_root(middle, high, node))


def _left_size(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _full_root(hashes: bytes) -> bytes:
    """The root of 1, 2, 4 … 256 hashes."""
    level = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


def _peaks_of(hashes: bytes) -> list[bytes]:
    """The roots of the full subtrees that these hashes make, the largest first."""
    peaks, start, count = [], 0, len(hashes) // HASH_BYTES
    for height in range(count.bit_length() - 1, -1, -1):
        width = HASH_BYTES << height
        if count >> height & 1:
            peaks.append(_full_root(hashes[start : start + width]))
            start += width
    return peaks


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root
