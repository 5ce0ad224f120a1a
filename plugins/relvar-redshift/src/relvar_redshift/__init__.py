"""
Amazon Redshift for relvar.

``create_engine("redshift+redshift_connector://user:password@host:5439/database")``; psycopg and
psycopg2 reach it as well.
"""

from relvar_redshift.commands import AlterTableAppendCommand as AlterTableAppendCommand
from relvar_redshift.commands import Compression as Compression
from relvar_redshift.commands import CopyCommand as CopyCommand
from relvar_redshift.commands import CreateLibraryCommand as CreateLibraryCommand
from relvar_redshift.commands import Encoding as Encoding
from relvar_redshift.commands import Format as Format
from relvar_redshift.commands import UnloadFromSelect as UnloadFromSelect
from relvar_redshift.drivers import RedshiftDialect_psycopg as RedshiftDialect_psycopg
from relvar_redshift.drivers import RedshiftDialect_psycopg2 as RedshiftDialect_psycopg2
from relvar_redshift.drivers import RedshiftDialect_psycopg2cffi as RedshiftDialect_psycopg2cffi
from relvar_redshift.drivers import RedshiftDialect_redshift_connector as RedshiftDialect_redshift_connector
from relvar_redshift.drivers import dialect as dialect
from relvar_redshift.types import GEOGRAPHY as GEOGRAPHY
from relvar_redshift.types import GEOMETRY as GEOMETRY
from relvar_redshift.types import HLLSKETCH as HLLSKETCH
from relvar_redshift.types import SUPER as SUPER
from relvar_redshift.types import TIMESTAMPTZ as TIMESTAMPTZ
from relvar_redshift.types import TIMETZ as TIMETZ
from relvar_redshift.types import VARBYTE as VARBYTE
from relvar_redshift.views import CreateExternalSchema as CreateExternalSchema
from relvar_redshift.views import CreateExternalTable as CreateExternalTable
from relvar_redshift.views import CreateMaterializedView as CreateMaterializedView
from relvar_redshift.views import DropMaterializedView as DropMaterializedView
from relvar_redshift.views import RefreshMaterializedView as RefreshMaterializedView

__version__ = "0.1.0"
