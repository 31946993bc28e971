"""Writes finished text tasks into the database of a service that is stopped."""

import sqlite3
import time

LANGUAGES = ["en", "zh", "zh-tw", "ja", "ko", "fr", "de", "es", "it", "pt"]
NUMBERS = 1_000  # the tasks share so many text numbers
HOUR_MS = 3_600_000


def translations(path, count):
    """Ten translations a task; what is there already counts."""
    database = sqlite3.connect(path)
    database.execute("pragma synchronous = off")
    (present,) = database.execute("select count(*) from translations").fetchone()
    now = int(time.time() * 1000)
    first, last = present // len(LANGUAGES), count // len(LANGUAGES)

    def tasks():
        for number in range(first, last):
            yield {"id": f"00000000-0000-7000-8000-{number:012d}", "number": str(number % NUMBERS + 1),
                   "at": now - HOUR_MS + number % HOUR_MS, "languages": ",".join(LANGUAGES), "total": len(LANGUAGES)}

    with database:
        database.executemany(
            """insert into tasks (id, kind, status, priority, text_number, languages, source_language, translates_to_english,
               temperature, created_ms, started_ms, finished_ms, translating_ms, packaging_ms, transcribed,
               translations_done, translations_total, package_blob, package_size_bytes)
               values (:id, 'text', 'completed', 0, :number, :languages, 'en', 0, 0, :at, :at, :at, :at, :at, 0, :total, :total,
               'packages/' || :id, 1000)""", tasks())
        database.executemany(
            """insert into translations (task_id, language, source, text, sentences, text_number, published_ms)
               values (:id, :language, 'TEXT', :text, :sentences, :number, :at)""",
            (task | {"language": language, "text": f"O porto {task['id']} estava calmo nesta manhã, e ninguém falava.",
                     "sentences": "[]"} for task in tasks() for language in LANGUAGES))
        database.execute("analyze")
    database.close()
