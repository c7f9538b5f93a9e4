# aldia: the verbs. The build itself is Meson's (meson.build).
BUILD ?= build
TEST_BUILD ?= build-test
WERROR ?= true

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d

.PHONY: all install bench test-build unit layers test check demo clang clean sources

all: sources
	@[ -f $(BUILD)/build.ninja ] || meson setup $(BUILD) --buildtype=release -Dtests=false -Dwerror=$(WERROR) >/dev/null
	@ninja -C $(BUILD)

# Configures again when a file was added or removed.
sources:
	@tools/fetch_assets
	@mkdir -p build-lists
	@for s in c test sql testsql data asset text guide fake sim; do python3 tools/listsrc.py . $$s; done > build-lists/now
	@cmp -s build-lists/now build-lists/last || { mv build-lists/now build-lists/last; touch meson.build; }

test-build: sources
	@[ -f $(TEST_BUILD)/build.ninja ] || meson setup $(TEST_BUILD) --buildtype=debug -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=$(WERROR) >/dev/null
	@ninja -C $(TEST_BUILD)

unit: test-build
	@$(TEST_BUILD)/aldia-unit

# The source keeps to the table of ARCHITECTURE.md.
layers:
	@python3 tools/checklayers.py --self-test
	@python3 tools/checklayers.py .
	@python3 tools/mktexts.py --check .
	@python3 tools/mkphrases.py --check .
	@python3 tools/mkwords.py --check .
	@python3 tools/mkguide.py --check .

# Under a minute or two: the units, and the scenarios on SQLite.
test: unit
	@test/scenario/run.py

# Everything, on both engines; installs what is missing. Parts: tools/check.py PART…
check:
	@tools/check.py

# A living company to look around in: installs what is missing, builds, makes the demo, tells where to look and, at a terminal, serves it.
demo:
	@tools/setup build
	@$(MAKE) --no-print-directory all
	@$(BUILD)/aldia demo
	@[ ! -t 1 ] || { d="$${XDG_DATA_HOME:-$$HOME/.local/share}/aldia-demo"; exec $(BUILD)/aldia --data "$$d" --clock-file "$$d/clock" serve; }

# The other compiler, all warnings errors too; nothing of it is run.
clang: sources
	@[ -f build-clang/build.ninja ] || CC=clang meson setup build-clang --buildtype=debug -Dwerror=true >/dev/null
	@ninja -C build-clang

# Measures the release build and writes docs/benchmarks.md: make bench SIZES=10000,100000,1000000 WEB_SIZE=1000000
bench: all
	@BUILD=$(BUILD) bench/run.py $(SIZES)
	@BUILD=$(BUILD) bench/web.py $(WEB_SIZE)

# The program, its manual page and completion, a systemd timer that calls `aldia run`, and the user it runs as. Enable it with
# systemctl enable --now aldia-run.timer, after `aldia init` as that user.
install: all
	install -D -m 755 $(BUILD)/aldia $(DESTDIR)$(BINDIR)/aldia
	install -d $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(COMPLETIONDIR) $(DESTDIR)$(UNITDIR)
	$(BUILD)/aldia --lang en help man > $(DESTDIR)$(MANDIR)/man1/aldia.1
	for l in es pt; do install -d $(DESTDIR)$(MANDIR)/$$l/man1; $(BUILD)/aldia --lang $$l help man > $(DESTDIR)$(MANDIR)/$$l/man1/aldia.1; \
	  chmod 644 $(DESTDIR)$(MANDIR)/$$l/man1/aldia.1; done
	$(BUILD)/aldia help completion > $(DESTDIR)$(COMPLETIONDIR)/aldia
	sed 's|@BINDIR@|$(BINDIR)|g' packaging/aldia-run.service > $(DESTDIR)$(UNITDIR)/aldia-run.service
	sed 's|@BINDIR@|$(BINDIR)|g' packaging/aldia.service > $(DESTDIR)$(UNITDIR)/aldia.service
	install -D -m 644 packaging/aldia-run.timer $(DESTDIR)$(UNITDIR)/aldia-run.timer
	install -D -m 644 packaging/aldia.sysusers $(DESTDIR)$(SYSUSERSDIR)/aldia.conf
	chmod 644 $(DESTDIR)$(MANDIR)/man1/aldia.1 $(DESTDIR)$(COMPLETIONDIR)/aldia $(DESTDIR)$(UNITDIR)/aldia-run.service $(DESTDIR)$(UNITDIR)/aldia.service

clean:
	rm -rf $(BUILD) $(TEST_BUILD) build-clang build-check build-fuzz build-lists build-assets
