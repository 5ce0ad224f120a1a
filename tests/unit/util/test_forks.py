"""
A process that forks while another of its threads is in the middle of something: the child does not wait for
that thread, which it has not.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, threading, time, warnings
warnings.simplefilter("ignore")  # Python 3.12 says that forking with threads is a bad idea
from relvar import Column, Integer, create_engine, event, select
from relvar.orm import Session, configure_mappers, declarative_base
from relvar.pool import StaticPool

Base = declarative_base()
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
event.listen(Base.registry, "before_configured", lambda registry: (inside.set(), time.sleep(0.3)))
engine = create_engine("sqlite://", poolclass=StaticPool)

def connect(dbapi_connection, record):
    connecting.set()
    time.sleep(0.5)
pool = StaticPool(lambda: None)
event.listen(pool, "first_connect", connect)
inside, connecting = threading.Event(), threading.Event()
threads = [threading.Thread(target=work) for work in (
    configure_mappers,
    lambda: pool.dispatch.first_connect.exec_once(None, None),
)]
for thread in threads:
    thread.start()
inside.wait(), connecting.wait()
child = os.fork()
if child == 0:
    signal.alarm(10)
    configure_mappers()
    pool.dispatch.first_connect.exec_once_unless_exception(None, None)
    event.listen(engine, "before_execute", lambda *args: None)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(id=1))
        session.commit()
        condition = User.id == 1
        for _ in range(50):
            condition = condition & (User.id == 1)
        assert session.scalars(select(User).where(condition)).one().id == 1
    os._exit(0)
for thread in threads:
    thread.join()
_, status = os.waitpid(child, 0)
assert status == 0, status
configure_mappers()
assert User(id=2).id == 2
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork()")
def test_a_child_does_not_wait_for_threads_of_its_parent() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
