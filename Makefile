# voicelingua: `make demo` shows it, `make test` tests it; both set up what they need and work offline afterwards.

SHELL := /bin/bash
.DELETE_ON_ERROR:

SWIFT    ?= swift
PROGRAM  := .build/release/voicelingua
MODELS   := base tiny.en silero-vad en-pt pt-en samples-voice samples-audioeval
DEMO     ?= .build/demo

.PHONY: setup models build test demo lint bench-asr bench-mt bench-serve clean

# What is no Swift: scripts told by their first line, so that one without an ending is not missed.
WRITTEN  := $(wildcard .ci Benchmarks Tools Tests)
SHELL_SCRIPTS  = $(shell grep -rIlE --exclude-dir=scratch '^\#!.*\b(ba)?sh$$' $(WRITTEN))
PYTHON_SCRIPTS = $(shell grep -rIlE --exclude-dir=scratch '^\#!.*python3?$$' $(WRITTEN); \
	find $(WRITTEN) -name scratch -prune -o -name '*.py' -print)

# Debian packages, asked for by what they give: a pip of any origin serves. openssl makes a certificate for a test, zstd
# files for others; ALSO names programs whose package has their name, TOOLS those that come in another: program:package.
setup:
	@missing=(); \
	command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null || missing+=(ffmpeg); \
	command -v pkg-config >/dev/null || missing+=(pkg-config); \
	test -e /usr/include/zlib.h || missing+=(zlib1g-dev); \
	test -e /usr/include/archive.h || missing+=(libarchive-dev); \
	test -e /usr/include/sqlite3.h || missing+=(libsqlite3-dev); \
	test -e /usr/include/zstd.h || missing+=(libzstd-dev); \
	test -e /usr/include/unicode/ubrk.h || missing+=(libicu-dev); \
	test -e /usr/include/opencc/opencc.h || missing+=(libopencc-dev); \
	test -e /usr/share/opencc/s2twp.json || missing+=(libopencc-data); \
	test -e /usr/include/cld2/public/compact_lang_det.h || missing+=(libcld2-dev); \
	test -e /usr/include/sentencepiece_processor.h || missing+=(libsentencepiece-dev); \
	test -e /etc/ssl/certs/ca-certificates.crt || missing+=(ca-certificates); \
	for tool in $(TOOLS); do command -v $${tool%:*} >/dev/null || missing+=($${tool#*:}); done; \
	for program in openssl zstd $(ALSO); do command -v $$program >/dev/null || missing+=($$program); done; \
	python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip); \
	command -v $(firstword $(SWIFT)) >/dev/null || { echo "setup: no swift here; install the Swift 6.3 toolchain first"; exit 1; }; \
	if [ $${#missing[@]} = 0 ]; then exit 0; fi; \
	echo "setup: installing the Debian packages $${missing[*]}"; \
	if [ "$$(id -u)" != 0 ]; then echo "setup: that needs root: sudo apt-get install $${missing[*]}"; exit 1; fi; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$${missing[@]}"

build: setup
	$(SWIFT) build -c release --product voicelingua

models: build
	$(PROGRAM) models pull $(MODELS)

# Built once: `swift test` alone would build everything again with other flags. promtool reads the metrics.
# What computes for long holds up what waits for events, so they run one after the other, and what was freed goes back to
# the system with each process. Tests that kill the service need the machine for themselves: how far it gets in its short
# lives is what they are about.
test: TOOLS := promtool:prometheus
test: setup
	$(SWIFT) build -c release --build-tests
	$(PROGRAM) models pull $(MODELS)
	$(SWIFT) test -c release --skip-build --filter '^WhisperTests\.'
	$(SWIFT) test -c release --skip-build --skip '^(APITests|CrashTests|PipelineTests|ServiceTests|StoreTests|WhisperTests)\.'
	$(SWIFT) test -c release --skip-build --filter '^(APITests|StoreTests)\.'
	$(SWIFT) test -c release --skip-build --filter '^(PipelineTests|ServiceTests)\.' --skip CrashTests
	$(SWIFT) test -c release --skip-build --filter CrashTests

demo: models
	@lines=$$($(PROGRAM) transcribe "$$($(PROGRAM) models path samples-voice)/two_cities.wav" --to pt --format srt --output $(DEMO)) && \
	cat $(DEMO)/two_cities.srt && \
	echo "the transcript in Portuguese:" && echo && cat $(DEMO)/two_cities.pt.srt && \
	line=$${lines%%$$'\n'*} && echo "detected language: $${line#*$$'\t'}" && \
	echo "subtitles: $(DEMO)/two_cities.srt, $(DEMO)/two_cities.pt.srt" && \
	echo "other languages: '$(PROGRAM) languages' says which there are; '$(PROGRAM) models pull --languages fr,ja' installs them"

lint: ALSO := shellcheck
lint: setup
	$(SWIFT) format lint --strict -r -p Sources Tests Benchmarks Package.swift
	shellcheck $(SHELL_SCRIPTS)
	@python3 -c 'import ast, sys; [ast.parse(open(path).read(), path) for path in sys.argv[1:]]' $(PYTHON_SCRIPTS)

bench-asr: models
	Benchmarks/asr/run

bench-mt: models
	Benchmarks/mt/run

bench-serve: ALSO := wrk curl
bench-serve: models
	Benchmarks/serve/run

clean:
	rm -rf .build
