"""
Vectors: the type, how it is stored, and the options of indexes on it.
"""

from __future__ import annotations

import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from relvar import types as sqltypes
from relvar.expr.comparator import Comparator

if TYPE_CHECKING:
    from relvar.types.operator_class import OperatorClass

__all__ = [
    "VECTOR",
    "SparseVector",
    "VectorDistanceType",
    "VectorIndexConfig",
    "VectorIndexType",
    "VectorStorageFormat",
    "VectorStorageType",
]


class VectorIndexType(Enum):
    """
    How an index on vectors is built: a graph in memory, or partitions.
    """

    HNSW = "HNSW"
    IVF = "IVF"


class VectorDistanceType(Enum):
    """
    How far two vectors are from each other.
    """

    EUCLIDEAN = "EUCLIDEAN"
    DOT = "DOT"
    COSINE = "COSINE"
    MANHATTAN = "MANHATTAN"


class VectorStorageFormat(Enum):
    """
    What the elements of a vector are.
    """

    INT8 = "INT8"
    BINARY = "BINARY"
    FLOAT32 = "FLOAT32"
    FLOAT64 = "FLOAT64"


class VectorStorageType(Enum):
    """
    Whether all elements are kept, or only those that are not zero.
    """

    SPARSE = "SPARSE"
    DENSE = "DENSE"


@dataclass
class VectorIndexConfig:
    """
    Options of an index on a vector: ``Index("ix", table.c.embedding, oracle_vector=VectorIndexConfig())``.
    """

    index_type: VectorIndexType = VectorIndexType.HNSW
    distance: VectorDistanceType | None = None
    accuracy: int | None = None
    hnsw_neighbors: int | None = None
    hnsw_efconstruction: int | None = None
    ivf_neighbor_partitions: int | None = None
    ivf_sample_per_partition: int | None = None
    ivf_min_vectors_per_partition: int | None = None
    parallel: int | None = None

    # what comes before the parameters, and the parameters each kind has
    _organization: ClassVar[dict[VectorIndexType, tuple[str, tuple[str, ...]]]] = {
        VectorIndexType.HNSW: ("INMEMORY NEIGHBOR GRAPH", ("hnsw_neighbors", "hnsw_efconstruction")),
        VectorIndexType.IVF: (
            "NEIGHBOR PARTITIONS",
            ("ivf_neighbor_partitions", "ivf_sample_per_partition", "ivf_min_vectors_per_partition"),
        ),
    }

    def __post_init__(self) -> None:
        self.index_type = VectorIndexType(self.index_type)
        for name in (
            "accuracy",
            "hnsw_neighbors",
            "hnsw_efconstruction",
            "ivf_neighbor_partitions",
            "ivf_sample_per_partition",
            "ivf_min_vectors_per_partition",
            "parallel",
        ):
            value = getattr(self, name)
            if value is not None and not isinstance(value, int):
                raise TypeError(f"{name} must be an integer if provided, got {type(value).__name__}")

    def _text(self) -> str:
        """
        Return the options as CREATE VECTOR INDEX takes them.
        """
        organization, names = self._organization[self.index_type]
        words = [f"ORGANIZATION {organization}"]
        if self.distance is not None:
            words.append(f"DISTANCE {self.distance.value}")
        if self.accuracy is not None:
            words.append(f"WITH TARGET ACCURACY {self.accuracy}")
        parameters = [f"type {self.index_type.name}"]
        for name in names:
            value = getattr(self, name)
            if value is not None:
                word = name.partition("_")[2].replace("neighbor_partitions", "neighbor partitions")
                parameters.append(f"{word} {value}")
        words.append(f"PARAMETERS ({', '.join(parameters)})")
        if self.parallel is not None:
            words.append(f"PARALLEL {self.parallel}")
        return " ".join(words)


class SparseVector:
    """
    A vector of which only some elements are not zero.

    Args:
        num_dimensions: How long the vector is.
        indices: Positions of the elements that are not zero.
        values: These elements.
    """

    def __init__(
        self,
        num_dimensions: int,
        indices: Sequence[int] | array.array[int],
        values: Sequence[float] | array.array[float],
    ) -> None:
        if not isinstance(indices, array.array) or indices.typecode != "I":
            indices = array.array("I", indices)
        if not isinstance(values, array.array):
            values = array.array("d", values)
        self.num_dimensions = num_dimensions
        self.indices = indices
        self.values = values

    def __repr__(self) -> str:
        return (
            f"SparseVector(num_dimensions={self.num_dimensions}, size={len(self.indices)}, "
            f"typecode={self.values.typecode})"
        )


class VECTOR(sqltypes.TypeEngine[Any]):
    """
    A vector, to be compared by distance.

    Args:
        dim: How many elements; any number when not given.
        storage_format: What they are; anything when not given.
        storage_type: Whether zeros are kept.
    """

    __visit_name__ = "VECTOR"
    cache_ok = True
    operator_classes: OperatorClass = sqltypes.OperatorClass.BASE | sqltypes.OperatorClass.MATH

    _typecodes: ClassVar[dict[VectorStorageFormat | None, str]] = {
        VectorStorageFormat.INT8: "b",
        VectorStorageFormat.BINARY: "B",
        VectorStorageFormat.FLOAT32: "f",
        VectorStorageFormat.FLOAT64: "d",
        None: "d",
    }

    def __init__(
        self,
        dim: int | None = None,
        storage_format: VectorStorageFormat | None = None,
        storage_type: VectorStorageType | None = None,
    ) -> None:
        if dim is not None and not isinstance(dim, int):
            raise TypeError("dim must be an integer")
        if storage_format is not None and not isinstance(storage_format, VectorStorageFormat):
            raise TypeError("storage_format must be an enum of type VectorStorageFormat")
        if storage_type is not None and not isinstance(storage_type, VectorStorageType):
            raise TypeError("storage_type must be an enum of type VectorStorageType")
        self.dim = dim
        self.storage_format = storage_format
        self.storage_type = storage_type

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        typecode = self._typecodes[self.storage_format]

        def process(value: Any) -> Any:
            return array.array(typecode, value) if isinstance(value, list) else value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        def process(value: Any) -> Any:
            return list(value) if isinstance(value, array.array) else value

        return process

    class comparator_factory(Comparator[Any]):  # SQLAlchemy's name
        """
        Distances between vectors.
        """

        def l2_distance(self, other: Any) -> Any:
            """Return the Euclidean distance."""
            return self.op("<->", return_type=sqltypes.Float())(other)

        def inner_product(self, other: Any) -> Any:
            """Return the negative dot product."""
            return self.op("<#>", return_type=sqltypes.Float())(other)

        def cosine_distance(self, other: Any) -> Any:
            """Return the cosine distance."""
            return self.op("<=>", return_type=sqltypes.Float())(other)
