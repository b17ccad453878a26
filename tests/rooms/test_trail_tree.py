"""The tree against the vectors of RFC 6962's own project, and notes, checkpoints and proofs against C2SP's."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookup.keys.ciphers import Signer
from lookup.refusals import RecordBroken
from lookup.trail.notes import Checkpoint, open_checkpoint, open_note, read_proof, sign_checkpoint, sign_note
from lookup.trail.tree import EMPTY_ROOT, Growth, Peaks, check_inclusion, inclusion_path, leaf_hash, node_hash

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
NEUMANN = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NEUMANN_KEY = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
ORIGIN = "trail.example/2026"
LOG = Signer(b"\x01" * 32)


def tiled(size: int) -> tuple[Growth, Callable[[int, int], bytes]]:
    growth = Growth(0, lambda _level, _number: b"")
    for n in range(size):
        growth.add(leaf_hash(n.to_bytes(4, "big")))
    return growth, lambda level, number: growth.changed.get((level, number), b"")


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY_ROOT
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(root_of(leaves[:k]), root_of(leaves[k:]))


def test_the_roots_are_those_of_the_published_vectors() -> None:
    peaks = Peaks()
    assert peaks.root() == EMPTY_ROOT
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        peaks.add(leaf_hash(bytes.fromhex(leaf)))
        assert peaks.root().hex() == root


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1500), st.integers(0, 300))
def test_tiles_read_again_grow_to_the_same_root_as_the_definition(first: int, more: int) -> None:
    growth, read = tiled(first)
    again = Growth(first, read)
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(first + more)]
    for leaf in leaves[first:]:
        again.add(leaf)
    assert growth.root() == root_of(leaves[:first])
    assert again.root() == root_of(leaves)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_leaf_has_a_proof_that_leads_to_the_root_and_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 700))
    index = data.draw(st.integers(0, size - 1))
    growth, read = tiled(size)
    path = inclusion_path(index, size, read)
    leaf = leaf_hash(index.to_bytes(4, "big"))
    check_inclusion(leaf, index, size, path, growth.root())
    for wrong in ((leaf_hash(b"x"), index, size, path), (leaf, index, size, [*path, leaf]), (leaf, size, size, path)):
        with pytest.raises(RecordBroken):
            check_inclusion(*wrong, growth.root())


def test_a_proof_across_three_levels_of_tiles_verifies() -> None:
    size = 256 * 256 + 300
    growth, read = tiled(size)
    for index in (0, 255, 256, 65535, 65536, size - 1):
        path = inclusion_path(index, size, read)
        check_inclusion(leaf_hash(index.to_bytes(4, "big")), index, size, path, growth.root())


def test_a_tree_that_lacks_hashes_is_refused() -> None:
    with pytest.raises(RecordBroken):
        Growth(5, lambda _level, _number: b"\x00" * 32)
    with pytest.raises(RecordBroken):
        inclusion_path(1, 5, lambda _level, _number: b"")


def test_the_published_note_verifies_and_ours_has_its_form() -> None:
    assert open_note(NEUMANN, "PeterNeumann", NEUMANN_KEY).startswith("If you think")
    with pytest.raises(RecordBroken):
        open_note(NEUMANN.replace("answer", "question"), "PeterNeumann", NEUMANN_KEY)
    with pytest.raises(RecordBroken):
        open_note(NEUMANN, "PeterNeumann", LOG.public)


def test_a_checkpoint_reads_back_and_witnesses_may_add_their_lines() -> None:
    checkpoint = Checkpoint(ORIGIN, 7, bytes(range(32)))
    note = sign_checkpoint(checkpoint, LOG)
    cosigned = note + "— witness.example/w1 " + base64.b64encode(b"\x00" * 80).decode() + "\n"
    assert open_checkpoint(note, ORIGIN, LOG.public) == checkpoint
    assert open_checkpoint(cosigned, ORIGIN, LOG.public) == checkpoint


@pytest.mark.parametrize(
    "text",
    [f"{ORIGIN}\n07\n{'A' * 43}=\n", f"{ORIGIN}\n7\nAAAA\n", f"{ORIGIN}\n7\n", "other.example\n7\n" + "A" * 43 + "=\n",
     f"{ORIGIN}\n٧\n{'A' * 43}=\n", f"{ORIGIN}\n-7\n{'A' * 43}=\n"],
)  # fmt: skip
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(RecordBroken):
        open_checkpoint(sign_note(text, ORIGIN, LOG), ORIGIN, LOG.public)


@st.composite
def nearly_good(draw: st.DrawFn) -> str:
    good = draw(st.sampled_from([NEUMANN, "c2sp.org/tlog-proof@v1\nindex 0\n\n" + NEUMANN]))
    at = draw(st.integers(0, len(good)))
    return good[:at] + draw(st.text(max_size=3)) + good[at + draw(st.integers(0, 3)) :]


@given(st.text() | nearly_good())
def test_any_text_is_a_note_and_a_proof_or_refused(text: str) -> None:
    for read in (read_proof, lambda note: open_note(note, "PeterNeumann", NEUMANN_KEY)):
        try:
            read(text)
        except RecordBroken:
            continue
