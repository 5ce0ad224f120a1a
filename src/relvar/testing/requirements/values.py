"""Values: what is stored and comes back."""

from __future__ import annotations

from relvar.testing.requirements.capability import capability


class TypeRequirements:
    """Values: what is stored and comes back."""

    unicode_data: capability = capability("Text of any script is stored.")
    unicode_data_no_special_types: capability = capability("Text of any script is stored in VARCHAR.")
    unicode_connections: capability = capability("Text of any script can be sent.")
    nvarchar_types: capability = capability("NVARCHAR and NCHAR are there.", by_default=False)
    text_type: capability = capability("An unbounded text type is there.")
    unbounded_varchar: capability = capability("VARCHAR needs no length.")
    empty_strings_varchar: capability = capability("An empty VARCHAR is not NULL.")
    empty_strings_text: capability = capability("An empty text is not NULL.")
    expressions_against_unbounded_text: capability = capability("Unbounded text can be compared.")
    binary_comparisons: capability = capability("Binary values can be compared.")
    binary_literals: capability = capability("Binary values can be written in SQL.")
    date: capability = capability("Dates are stored.")
    date_coerces_from_datetime: capability = capability("A datetime given for a date loses its time.")
    date_historic: capability = capability("Dates before 1900 are stored.", by_default=False)
    date_implicit_bound: capability = capability("A date can be a parameter without a type.")
    time: capability = capability("Times are stored.")
    time_microseconds: capability = capability("Times have microseconds.")
    time_implicit_bound: capability = capability("A time can be a parameter without a type.")
    time_timezone: capability = capability("Times have a zone.", by_default=False)
    datetime: capability = capability("Datetimes are stored.")
    datetime_microseconds: capability = capability("Datetimes have microseconds.")
    datetime_implicit_bound: capability = capability("A datetime can be a parameter without a type.")
    datetime_historic: capability = capability("Datetimes before 1900 are stored.", by_default=False)
    datetime_timezone: capability = capability("Datetimes have a zone.", by_default=False)
    datetime_timezone_historic: capability = capability(
        "Datetimes with a zone before 1900 are stored.", by_default=False
    )
    datetime_interval: capability = capability("Intervals are stored.", by_default=False)
    datetime_literals: capability = capability("Dates and times can be written in SQL.", by_default=False)
    timestamp_microseconds: capability = capability("TIMESTAMP has microseconds.", by_default=False)
    timestamp_microseconds_implicit_bound: capability = capability(
        "A datetime with microseconds can be a parameter without a type.", by_default=False
    )
    precision_numerics_general: capability = capability("Numerics keep the digits they are declared with.")
    precision_numerics_enotation_small: capability = capability(
        "Numerics like 1E-28 are stored.", by_default=False
    )
    precision_numerics_enotation_large: capability = capability("Numerics like 1E+22 are stored.")
    precision_numerics_many_significant_digits: capability = capability(
        "Numerics of 38 digits are stored.", by_default=False
    )
    precision_numerics_retains_significant_digits: capability = capability(
        "Trailing zeros come back.", by_default=False
    )
    precision_generic_float_type: capability = capability("Float has seven digits or more.")
    cast_precision_numerics_many_significant_digits: capability = capability(
        "CAST keeps 38 digits.", by_default=False
    )
    implicit_decimal_binds: capability = capability("A Decimal parameter without a type comes back exactly.")
    numeric_received_as_decimal_untyped: capability = capability(
        "Numerics without a type come back as Decimal."
    )
    fetch_null_from_numeric: capability = capability("NULL can be read from a numeric column.")
    float_is_numeric: capability = capability("Float and Numeric are stored alike.")
    float_or_double_precision_behaves_generically: capability = capability(
        "Float and Double are stored with binary digits.", by_default=False
    )
    floats_to_four_decimals: capability = capability("Floats keep four decimals.")
    infinity_floats: capability = capability("Floats can be infinite.", by_default=False)
    float_cast: capability = capability("CAST to FLOAT works.")
    literal_float_coercion: capability = capability("A float written in SQL is one.")
    nullable_booleans: capability = capability("Booleans can be NULL.")
    boolean_col_expressions: capability = capability(
        "A boolean expression can be a result column.", by_default=False
    )
    json_type: capability = capability("JSON is stored.", by_default=False)
    json_array_indexes: capability = capability("Elements of JSON arrays can be read.", by_default=False)
    json_index_supplementary_unicode_element: capability = capability(
        "JSON keys can have letters beyond the basic plane."
    )
    json_deserializer_binary: capability = capability("The JSON deserializer gets bytes.", by_default=False)
    legacy_unconditional_json_extract: capability = capability(
        "JSON elements are read by JSON_EXTRACT.", by_default=False
    )
    uuid_data_type: capability = capability("UUIDs have a type of their own.", by_default=False)
    array_type: capability = capability("Arrays are stored.", by_default=False)
