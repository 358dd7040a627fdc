"""All news, oldest first."""

from .news_2019_to_2022 import NEWS_2019_TO_2022
from .news_2023_to_2024 import NEWS_2023_TO_2024
from .news_2025 import NEWS_2025

NEWS = (*NEWS_2019_TO_2022, *NEWS_2023_TO_2024, *NEWS_2025)
