#!/usr/bin/env python3
"""Makes the HDF5 fixtures with h5py (written with h5py 3.16.0, HDF5 2.0.0, NumPy 2.4.6).

    python3 Tests/Fixtures/hdf5/make.py

The values of every numeric dataset in numbers.h5 are 0, 1, 2, ... unless stated.
"""
import os

import h5py
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


def create(name, **settings):
    return h5py.File(os.path.join(here, name), "w", **settings)


with create("numbers.h5") as f:
    for order, letter in (("little", "<"), ("big", ">")):
        for code in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
            f[f"{order}/{code}"] = np.arange(6).reshape(2, 3).astype(letter + code)
    f["booleans"] = np.array([True, False, True])
    f["scalar"] = np.float32(2.5)
    f["empty"] = h5py.Empty("f4")
    f["zeroRows"] = np.zeros((0, 3), "f4")
    f["rank5"] = np.arange(32).reshape(2, 2, 2, 2, 2).astype("f4")
    f["fractions"] = np.array([1.0, 1.5])
    f["large"] = np.array([1, 2**40])
    f["negative"] = np.array([3, -1])
    f["special"] = np.array([np.nan, np.inf, -np.inf, -0.0, 1e300])
    f["halves"] = np.array([0.5, -2, 65504, 6e-8, np.inf], "f2")
    colours = h5py.enum_dtype({"red": 0, "green": 7}, basetype="i2")
    f.create_dataset("colours", data=np.array([7, 0], "i2"), dtype=colours)
    f["compound"] = np.zeros(2, [("x", "f4"), ("y", "i4")])

with create("storage.h5") as f:
    rows = np.arange(600).reshape(60, 10).astype("f4")
    f["contiguous"] = rows
    f.create_dataset("chunked", data=rows, chunks=(7, 10))
    f.create_dataset("gzip", data=rows, chunks=(7, 4), compression="gzip", compression_opts=6)
    f.create_dataset("shuffled", data=rows, chunks=(16, 10), compression="gzip", shuffle=True)
    f.create_dataset("checked", data=rows, chunks=(60, 10), fletcher32=True)
    f.create_dataset("lzf", data=rows, chunks=(60, 10), compression="lzf")

with create("strings.h5") as f:
    for target in (f.attrs, f):
        put = target.__setitem__
        put("variableUTF8", "Zürich")
        put("fixedASCII", np.bytes_("tensorflow"))
        put("fixedArray", np.array([b"dense_1", b"dropout", b"x"]))
        put("variableArray", np.array(["a", "", "größer"], dtype=h5py.string_dtype()))
        put("variableASCII", np.array(b"1.2.0", dtype=h5py.string_dtype("ascii")))
        put("matrix", np.array([[b"a", b"b"], [b"c", b"d"]]))
    f.attrs["emptyList"] = []
    f.attrs["empty"] = h5py.Empty("S1")

    def fixed(name, texts, size, padding, charset=h5py.h5t.CSET_ASCII):
        kind = h5py.h5t.C_S1.copy()
        kind.set_size(size)
        kind.set_strpad(padding)
        kind.set_cset(charset)
        space = h5py.h5s.create_simple((len(texts),))
        data = np.frombuffer(b"".join(texts), dtype=f"S{size}")
        h5py.h5a.create(f.id, name.encode(), kind, space).write(data, mtype=kind)

    fixed("spaces", [b"ab  ", b"    ", b" a b"], 4, h5py.h5t.STR_SPACEPAD)
    fixed("terminated", [b"ab\0z", b"\0\0\0\0", b"full"], 4, h5py.h5t.STR_NULLTERM)
    fixed("nulls", [b"ab\0\0", b"\0\0\0\0", b"full"], 4, h5py.h5t.STR_NULLPAD)
    fixed("notUTF8", [b"caf\xe9"], 4, h5py.h5t.STR_NULLPAD)

with create("attributes.h5", libver="latest") as f:
    f.attrs["big"] = np.arange(9000, dtype="f8")
    f.attrs["bigNames"] = np.array([f"layer_{i:06d}".encode() for i in range(6000)])

with create("numeric_attributes.h5") as f:
    f.attrs["int"] = 18
    f.attrs["float"] = 0.5
    f.attrs["bool"] = True
    f.attrs["bigEndian"] = np.array([1, -2, 3], ">i2")
    f.attrs["halves"] = np.array([[0.5, 1.5]], "f2")
    f.attrs["floats"] = np.array([1.5, 2.5], "f4")

with create("links.h5", track_order=True) as f:
    for name in ("zebra", "apple", "mango"):
        f.create_group(name)
        f.attrs[name] = name
    plain = f.create_group("plain", track_order=True)
    for name in ("z", "a", "m"):
        plain[name] = np.arange(3)
    f["soft"] = h5py.SoftLink("/plain/a")
    f["dangling"] = h5py.SoftLink("/plain/none")
    f["hard"] = plain["m"]
    f["type"] = np.dtype("i4")
    f.create_group("untracked", track_order=False).create_group("inner")
