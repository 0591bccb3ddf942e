"""Builds and asks a peer's index: lexical_peers.py xapian|fts5 CHUNKS QUESTIONS FOLDER. One thread; the result is JSON, seconds are processor time.

Each line of CHUNKS is a chunk of space-separated tokens, its row the line's number from 0; each line of QUESTIONS a
question, of which any token may match. Xapian: Debian's python3-xapian. FTS5: the SQLite of Python's sqlite3.
"""
import json
import os
import sys
import time

TOP_K = 10
PASSES = 3
K1, B = 1.2, 0.75


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        return [line.split() for line in lines]


def bytes_of(folder):
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))


def xapian_index(chunks, folder):
    import xapian

    database = xapian.WritableDatabase(os.path.join(folder, "building"), xapian.DB_CREATE_OR_OVERWRITE)
    for tokens in chunks:
        document = xapian.Document()
        for position, token in enumerate(tokens):
            document.add_posting(token, position)
        database.add_document(document)
    database.commit()
    compact = os.path.join(folder, "compact")
    database.compact(compact)
    database.close()
    database = xapian.Database(compact)
    enquire = xapian.Enquire(database)
    enquire.set_weighting_scheme(xapian.BM25Weight(K1, 0, 1, B, 0))

    def search(tokens):
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, tokens))
        return [match.docid - 1 for match in enquire.get_mset(0, TOP_K)]

    return f"Xapian {xapian.version_string()}", compact, search


def fts5_index(chunks, folder):
    import sqlite3

    database = sqlite3.connect(os.path.join(folder, "fts5.db"), isolation_level=None)
    database.execute("PRAGMA cache_size = -1000000")
    database.execute("PRAGMA mmap_size = 4000000000")
    database.execute("BEGIN")
    # Contentless: the index alone, as the others have it. Its bm25() has the same k1 and b.
    database.execute("CREATE VIRTUAL TABLE chunks USING fts5(text, content='', detail=full)")
    database.executemany("INSERT INTO chunks(rowid, text) VALUES (?, ?)", ((row + 1, " ".join(tokens)) for row, tokens in enumerate(chunks)))
    database.execute("INSERT INTO chunks(chunks) VALUES ('optimize')")
    database.execute("COMMIT")
    database.execute("VACUUM")

    def search(tokens):
        query = " OR ".join(f'"{token}"' for token in tokens)
        rows = database.execute("SELECT rowid FROM chunks WHERE chunks MATCH ? ORDER BY rank LIMIT ?", (query, TOP_K))
        return [row[0] - 1 for row in rows]

    return f"SQLite FTS5 {sqlite3.sqlite_version}", folder, search


def main(peer, chunks_file, questions_file, folder):
    os.makedirs(folder, exist_ok=True)
    chunks, questions = read_lines(chunks_file), read_lines(questions_file)
    begin = time.process_time()
    engine, index, search = {"xapian": xapian_index, "fts5": fts5_index}[peer](chunks, folder)
    build_seconds = time.process_time() - begin
    best, hits = float("inf"), []
    for _ in range(PASSES):
        begin = time.process_time()
        hits = [search(question) for question in questions]
        best = min(best, time.process_time() - begin)
    print(json.dumps({"engine": engine, "buildSeconds": build_seconds, "indexBytes": bytes_of(index), "searchSeconds": best, "hits": hits}))


main(*sys.argv[1:])
