"""What holds for every test: it has no time limit, and writes nothing where its user keeps keys."""

from collections.abc import Iterator

import platformdirs
import pytest
from hypothesis import settings

settings.register_profile("orgnet", deadline=None)
settings.load_profile("orgnet")


@pytest.fixture(autouse=True, scope="session")
def _configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("configuration")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(folder))
        yield
