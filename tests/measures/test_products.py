import numpy as np
import pytest
from scipy import sparse

from orgnet.measures import products
from orgnet.measures.igraphs import graph_of
from orgnet.measures.locality import by_neighbourhood

RNG = np.random.default_rng(1)
MATRIX = sparse.random_array((7, 5), density=0.4, format="csr", rng=RNG)
DENSE = RNG.random((5, 3))
DENSE_OF_ROWS = RNG.random((7, 3))


@pytest.fixture(params=["scipy's loops", "scipy's products"])
def _loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "scipy's products":
        monkeypatch.setattr(products, "_by_rows", None)
        monkeypatch.setattr(products, "_by_columns", None)


@pytest.mark.usefixtures("_loops")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_products_are_added_to_what_is_there(dtype: type) -> None:
    matrix = MATRIX.astype(dtype)
    out, transposed = np.ones((7, 3), dtype), np.ones((5, 3), dtype)

    products.add_product(matrix, DENSE.astype(dtype), out)
    products.add_transposed_product(matrix, DENSE_OF_ROWS.astype(dtype), transposed)

    np.testing.assert_allclose(out, 1 + MATRIX.toarray() @ DENSE, rtol=1e-5)
    np.testing.assert_allclose(transposed, 1 + MATRIX.toarray().T @ DENSE_OF_ROWS, rtol=1e-5)


@pytest.mark.usefixtures("_loops")
def test_arrays_that_are_parts_of_others_are_added_to_as_well() -> None:
    whole = np.ones((7, 6))

    products.add_product(MATRIX, np.asfortranarray(DENSE), whole[:, ::2])

    np.testing.assert_allclose(whole[:, ::2], 1 + MATRIX.toarray() @ DENSE)
    assert (whole[:, 1::2] == 1).all()


@pytest.mark.usefixtures("_loops")
def test_numbers_of_two_kinds_give_the_same_as_one() -> None:
    out = np.ones((7, 3))

    products.add_product(MATRIX, DENSE.astype(np.float32), out)

    np.testing.assert_allclose(out, 1 + MATRIX.toarray() @ DENSE, rtol=1e-5)


def test_people_of_one_circle_follow_each_other() -> None:
    circle = np.repeat(np.arange(5), 8)
    shuffled = RNG.permutation(circle)
    ties = (shuffled[:, None] == shuffled).astype(float)
    np.fill_diagonal(ties, 0)

    order = by_neighbourhood(sparse.csr_array(ties))

    assert sorted(order.tolist()) == list(range(40))
    assert (np.diff(shuffled[order]) != 0).sum() == 4


def test_graphs_from_arrays_keep_direction_and_order() -> None:
    graph = graph_of(4, np.array([2, 0]), np.array([1, 2]), directed=True)

    assert (graph.vcount(), graph.get_edgelist()) == (4, [(2, 1), (0, 2)])
    assert graph.is_directed()
