"""Small matrices of many tracks at once, laid out with the tracks last: shape ``(rows, columns, n)``.

numpy multiplies a few hundred 4 x 4 matrices four times faster this way than as ``(n, 4, 4)``: its inner loop runs along
the tracks instead of along four numbers. Closed forms spare LAPACK's call per matrix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray


def stacked(matrices: FloatArray) -> FloatArray:
    """``(n, i, j)`` as ``(i, j, n)``, its own memory."""
    return np.ascontiguousarray(matrices.transpose(1, 2, 0))


def product(a: FloatArray, b: FloatArray) -> FloatArray:
    """``A B`` of ``(i, k, n)`` and ``(k, j, n)``."""
    return np.asarray(np.einsum("ikn,kjn->ijn", a, b))


def product_transposed(a: FloatArray, b: FloatArray) -> FloatArray:
    """``A B'`` of ``(i, k, n)`` and ``(j, k, n)``."""
    return np.asarray(np.einsum("ikn,jkn->ijn", a, b))


def applied(a: FloatArray, vectors: FloatArray) -> FloatArray:
    """``A v`` of ``(i, k, n)`` and ``(k, n)``; ``(i, n)``."""
    return np.asarray(np.einsum("ikn,kn->in", a, vectors))


def inverse_2x2(s: FloatArray) -> FloatArray:
    """Of symmetric positive ``(2, 2, ...)``; the determinant is taken as at least 1e-12."""
    determinant = np.maximum(s[0, 0] * s[1, 1] - s[0, 1] * s[0, 1], 1e-12)
    inverse = np.empty(s.shape)
    inverse[0, 0], inverse[1, 1] = s[1, 1], s[0, 0]
    inverse[0, 1] = inverse[1, 0] = -s[0, 1]
    inverse /= determinant
    return inverse


# Places of the factors of each cofactor in a matrix seen as nine numbers: rows and columns one and two further on.
_NEXT, _AFTER = np.array([1, 2, 0]), np.array([2, 0, 1])
_FACTORS = [
    (3 * i[:, None] + j).ravel() for i, j in ((_NEXT, _NEXT), (_AFTER, _AFTER), (_NEXT, _AFTER), (_AFTER, _NEXT))
]


def inverse_3x3(s: FloatArray) -> FloatArray:
    """Of symmetric positive ``(3, 3, n)``: the cofactors over the determinant."""
    flat = s.reshape(9, -1)
    one, two, three, four = (flat.take(places, axis=0) for places in _FACTORS)
    one *= two
    three *= four
    one -= three
    one /= np.einsum("in,in->n", flat[:3], one[:3])
    return np.asarray(one.reshape(s.shape))


def inverse_of_one_3x3(matrix: FloatArray) -> FloatArray:
    """Of one symmetric positive ``(3, 3)``. Plain numbers: for a single matrix any call of numpy costs more."""
    (a, b, c), (_, e, f), (_, _, i) = matrix.tolist()
    aa, ab, ac = e * i - f * f, c * f - b * i, b * f - c * e
    determinant = a * aa + b * ab + c * ac
    bb, bc, cc = a * i - c * c, b * c - a * f, a * e - b * b
    return np.asarray(np.array([[aa, ab, ac], [ab, bb, bc], [ac, bc, cc]]) / determinant)


def within_reach(at: FloatArray, reach: FloatArray, others: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """``(i, j)``: all pairs with ``|at[i] - others[j]| <= reach[i]`` of numbers ``(n,)`` and ``(m,)``; i ascends.

    Of hundreds of things spread over a picture this leaves a few neighbours each, without a table of all pairs.
    """
    order = np.argsort(others, kind="stable")
    ascending = others[order]
    first = np.searchsorted(ascending, at - reach, side="left")
    count = np.searchsorted(ascending, at + reach, side="right") - first
    i = np.repeat(np.arange(len(at), dtype=np.intp), count)
    place = np.arange(len(i)) - np.repeat(np.cumsum(count) - count - first, count)
    return i, order[place]
