"""
What an execution option may change on a connection.
"""

from relvar.dialect.characteristics import ConnectionCharacteristic as ConnectionCharacteristic
from relvar.dialect.characteristics import IsolationLevelCharacteristic as IsolationLevelCharacteristic
from relvar.dialect.characteristics import LoggingTokenCharacteristic as LoggingTokenCharacteristic
