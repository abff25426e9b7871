"""What holds for every test: no time limit, and nothing written where its user keeps things."""

from collections.abc import Iterator

import platformdirs
import pytest
from hypothesis import settings

settings.register_profile("orgnet", deadline=None)
settings.load_profile("orgnet")


@pytest.fixture(autouse=True, scope="session")
def _configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("user_config_dir", "user_cache_dir"):
            folder = tmp_path_factory.mktemp(name)
            patch.setattr(platformdirs, name, lambda *_, folder=folder, **__: str(folder))
        yield
