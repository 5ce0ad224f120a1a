"""
How Redshift is allowed to read and write elsewhere: a role, or keys.

Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["Credentials", "credentials"]

_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,128}")
_ACCOUNT = re.compile(r"\d{12}")
_ROLE = re.compile(r"[\w+=,.@/-]{1,128}")
_PARTITION = re.compile(r"aws(?:-[a-z]+)*")

Credentials = tuple[tuple[str, str], ...]
"Keywords with their values, as they stand in a statement."


def _matching(value: str, pattern: re.Pattern[str], what: str, example: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"{value!r} is no {what}, which is like {example!r}")
    return value


def _role_arns(
    iam_role_arns: str | Sequence[str] | None,
    aws_partition: str,
    aws_account_id: str | None,
    iam_role_name: str | None,
) -> list[str]:
    if iam_role_arns is not None:
        arns = [iam_role_arns] if isinstance(iam_role_arns, str) else list(iam_role_arns)
        if arns == ["default"]:
            return arns
        return [_matching(arn, _ARN, "ARN of a role", "arn:aws:iam::123456789012:role/name") for arn in arns]
    assert aws_account_id is not None and iam_role_name is not None
    partition = _matching(aws_partition, _PARTITION, "AWS partition", "aws")
    account = _matching(aws_account_id, _ACCOUNT, "AWS account, of 12 digits", "123456789012")
    role = _matching(iam_role_name, _ROLE, "name of a role", "loader")
    return [f"arn:{partition}:iam::{account}:role/{role}"]


def credentials(
    access_key_id: str | None = None,
    secret_access_key: str | None = None,
    session_token: str | None = None,
    aws_partition: str = "aws",
    aws_account_id: str | None = None,
    iam_role_name: str | None = None,
    iam_role_arns: str | Sequence[str] | None = None,
) -> Credentials:
    """
    Return what authorizes a statement.

    Raises:
        TypeError: It is not either a role or keys.
        ValueError: One of them has not the form that AWS gives it.

    >>> credentials(iam_role_arns="arn:aws:iam::123456789012:role/loader")
    (('IAM_ROLE', 'arn:aws:iam::123456789012:role/loader'),)
    """
    has_keys = access_key_id is not None and secret_access_key is not None
    has_role = iam_role_arns is not None or (aws_account_id is not None and iam_role_name is not None)
    if has_keys == has_role:
        raise TypeError(
            "Give either a role, iam_role_arns (or aws_account_id and iam_role_name), or keys, access_key_id "
            f"and secret_access_key; there {'are both' if has_keys else 'is neither'}"
        )
    if not has_keys:
        arns = _role_arns(iam_role_arns, aws_partition, aws_account_id, iam_role_name)
        return (("IAM_ROLE", ",".join(arns)),)
    assert access_key_id is not None and secret_access_key is not None
    found = [("ACCESS_KEY_ID", access_key_id), ("SECRET_ACCESS_KEY", secret_access_key)]
    if session_token is not None:
        found.append(("SESSION_TOKEN", session_token))
    return tuple(found)


def credentials_text(given: Credentials, literal: Callable[[str], str]) -> str:
    """
    Return credentials as SQL; the role that a cluster has by default is a keyword.
    """
    return " ".join(
        f"{word} {'DEFAULT' if (word, value) == ('IAM_ROLE', 'default') else literal(value)}"
        for word, value in given
    )
