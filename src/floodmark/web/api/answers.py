"""What the JSON API answers, as its description has it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Kind: TypeAlias = Literal["phone", "email", "profile_id", "username"]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["facebook-2021"])]
PartialDate = Annotated[
    str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", examples=["2019", "2019-08", "2019-08-31"])
]
Moment = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", examples=["2026-01-31T13:05:00Z"]
    ),
]
Label = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["birth_date"])]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2}|001)$", examples=["EG", "ZZ"])]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]
Tens = Annotated[int, Field(ge=0, multiple_of=10, description="Rounded to tens; 0 is nine and fewer.")]


class Answer(BaseModel):
    """Any part of an answer: made from values of other rooms, with no name that is not described."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class Leak(Answer):
    """One published set of data, and what is known of it."""

    slug: Slug
    title: str
    domain: str = Field(description="Of the service that the data is from; empty where it is of none.")
    description: str
    attribution: str = Field(description="Who provided it or is to be credited; empty where nobody is named.")
    disclosure_url: str = Field(description="The page that made it known; empty where none is named.")
    breach_date: PartialDate | None = Field(description="When the data was taken.")
    published_date: PartialDate | None = Field(description="When it was published.")
    verified: bool = Field(description="Its origin was confirmed.")
    fabricated: bool = Field(description="It is likely made up.")
    sensitive: bool = Field(description="That somebody is in it may harm them; never true of a public one.")
    retired: bool = Field(description="It is no longer answered from.")
    spam_list: bool
    malware: bool = Field(description="Malware collected it.")
    stealer_log: bool
    synthetic: bool = Field(description="It is test data and describes nobody.")
    public: bool = Field(description="It is in the snapshot that private checks are answered from.")
    exact: bool = Field(
        description="field_types has every kind, even of one row, and members are exact, as in the signed "
        "snapshot. Else both are as in the public profile: kinds that enough different rows have, and members in "
        "tens, where 0 is nine and fewer."
    )
    field_types: list[Label] = Field(description="Kinds of data that it holds of somebody.")
    members: dict[Kind, Count] = Field(
        description="Distinct identifiers by kind. People are not counted: one can have several."
    )
    sealed_at: Moment | None = Field(description="When its index for private checks was made.")
    saved_at: Moment | None = Field(description="When it was read; null where this server has no register.")


class SnapshotFacts(Answer):
    """The snapshot that private checks are answered from."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    number: Annotated[int, Field(ge=1)]
    made_at: Moment
    expires_at: Moment
    epoch: Annotated[int, Field(ge=1)]


class Leaks(Answer):
    """Every leak that whoever asks may know of."""

    snapshot: SnapshotFacts | None = Field(description="null where none may be answered from now.")
    leaks: list[Leak]


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str = Field(description="A page of this server that says what it means.")
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str | None = None
    hint: str | None = Field(default=None, description="What to do next.")
