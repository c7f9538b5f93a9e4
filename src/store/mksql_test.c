/* tools/mksql.py refuses what it cannot turn into code, and says where. (That its code is right, db_test.c shows.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

/* Runs the generator over `text`; its exit status, and the first line it says. */
static int generate(const char *folder, const char *text, char *out_line, int size) {
    char path[200], command[900];
    snprintf(path, sizeof path, "%s/x.sql", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    snprintf(command, sizeof command, "python3 '%s/tools/mksql.py' %s %s/x_sql.h %s/x_sql.c 2>&1", ALDIA_SOURCE_DIR,
             path, folder, folder);
    FILE *output = popen(command, "r");
    assert_non_null(output);
    if (!fgets(out_line, size, output)) out_line[0] = 0;
    return pclose(output);
}

static void mistakes_are_named_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *line; /* line: how the message ends; NULL: it is accepted */
    } cases[] = {
        {"right", "--: a one\n--: x int -> y int\nSELECT 1 AS y WHERE :x = 1;\n", NULL},
        {"empty file", "-- only words\n", NULL},
        {"kind", "\n--: a some\n--: -> y int\nSELECT 1;\n",
         "x.sql:2: 'a some' is not NAME one|maybe|many|exec [bulk|lookup|bounded]\n"},
        {"type", "--: a one\n--: -> y integer\nSELECT 1;\n", "x.sql:1: unknown type 'integer' of column y;"},
        {"unlisted", "--: a one\n--: -> y int\nSELECT :x;\n", "x.sql:1: a: :x is not among the parameters\n"},
        {"unused", "--: a one\n--: x int -> y int\nSELECT ':x';\n", "x.sql:1: a: parameter x is not used\n"},
        {"unused in variant", "--: a one\n--: x int -> y int\nSELECT :x;\n--@pg\nSELECT 1;\n",
         "a: parameter x is not used\n"},
        {"implicit", "--: a one\n--: company id -> y int\nSELECT :company;\n",
         "'company' is implicit and must not be listed\n"},
        {"two statements", "--: a one\n--: -> y int\nSELECT 1; SELECT 2;\n",
         "more than one statement, or text after the ';'\n"},
        {"no end", "--: a one\n--: -> y int\nSELECT 1\n", "the SQL does not end with ';'\n"},
        {"exec reads", "--: a exec\n--: ->\nSELECT 1;\n", "a: exec changes nothing\n"},
        {"exec columns", "--: a exec\n--: -> y int\nDELETE FROM t RETURNING y;\n",
         "a: exec has no columns; use one, maybe or many\n"},
        {"no columns", "--: a many\n--: ->\nSELECT 1;\n", "a: many needs columns after '->'\n"},
        {"twice", "--: a one\n--: -> y int\nSELECT 1;\n--: a one\n--: -> y int\nSELECT 1;\n",
         "x.sql:4: query a is defined twice\n"},
        {"schema", "--: a exec\n--: ->\nDROP TABLE t;\n", "only SELECT, WITH, INSERT, UPDATE and DELETE belong here\n"},
        {"bulk delete", "--: a exec bulk\n--: x int ->\nDELETE FROM t WHERE x = :x;\n",
         "a: bulk needs INSERT … VALUES (…) or UPDATE … WHERE …\n"},
        {"bulk update of all", "--: a exec bulk\n--: x int ->\nUPDATE t SET x = :x;\n",
         "a: a bulk update needs a WHERE, and no FROM\n"},
        {"lookup over two sources",
         "--: a maybe lookup\n--: x int -> y int\nWITH q AS (SELECT 1 AS y) SELECT y FROM q WHERE y = :x;\n",
         "a: lookup needs SELECT … FROM … WHERE …\n"},
        {"bounded change", "--: a exec bounded\n--: x int ->\nDELETE FROM t WHERE x = :x;\n",
         "a: only many can be bounded\n"},
        {"bulk conflict",
         "--: a exec bulk\n--: x int ->\nINSERT INTO t (x) VALUES (:x) ON CONFLICT (x) DO UPDATE SET x = :x;\n",
         "behind ON CONFLICT a bulk insert must say excluded.column\n"},
        {"word of C", "--: a one\n--: -> default int\nSELECT 1;\n",
         "column 'default' is a word of C; rename it with AS\n"},
        {"foreign mark", "--: a one\n--: -> y int\nSELECT ?1;\n", "a: write parameters as :name\n"},
        {"fragment", "--: fragment f\n-- What it is.\n:x\n\n--: fragment g\n@@f = 1\n--: a one\n--: x int -> y int\nSELECT 1 AS y WHERE @@g;\n", NULL},
        {"unknown fragment", "--: a one\n--: -> y int\nSELECT @@f;\n", "x.sql:1: @@f names no earlier fragment of this file\n"},
        {"later fragment", "--: a one\n--: -> y int\nSELECT @@f;\n--: fragment f\n1\n",
         "x.sql:1: @@f names no earlier fragment of this file\n"},
        {"unused fragment", "--: fragment f\n1\n--: a one\n--: -> y int\nSELECT 1;\n", "x.sql:1: fragment f is used nowhere\n"},
        {"fragment twice", "--: fragment f\n1\n--: fragment f\n2\n", "x.sql:3: fragment f is defined twice\n"},
        {"empty fragment", "--: fragment f\n-- nothing\n", "x.sql:1: fragment f is empty\n"},
        {"whole fragment", "--: fragment f\nSELECT 1;\n", "x.sql:1: fragment f is a part of a statement: it has no ';'\n"},
        {"fragment of one engine", "--: fragment f\n1\n--@pg\n2\n", "x.sql:3: a fragment has no --@pg: write two fragments\n"},
        {"parameter of a fragment", "--: fragment f\n:x\n--: a one\n--: -> y int\nSELECT @@f;\n",
         "x.sql:3: a: :x is not among the parameters\n"},
        {"whose row", "--: a maybe\n--: x int -> y int\nSELECT y FROM t WHERE x = :x AND id @seen;\n",
         "x.sql:1: 'id @seen' asked of a row: say of which table\n"},
        {"like", "--: a one\n--: -> like b\nSELECT 1;\n", "'like b' names no earlier query of this file\n"},
    };
    char folder[] = "/tmp/aldia-mksql-XXXXXX", command[100];
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char line[400];
        int status = generate(folder, cases[i].text, line, sizeof line);
        if ((status == 0) != !cases[i].line || (cases[i].line && !strstr(line, cases[i].line)))
            fail_msg("%s: exit %d, said: %s", cases[i].name, WEXITSTATUS(status), line);
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

/* Where in the generated code that text stands; -1 without. */
static int found_in(const char *folder, const char *text) {
    char path[200], code[20000];
    snprintf(path, sizeof path, "%s/x_sql.c", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t n = fread(code, 1, sizeof code - 1, file);
    fclose(file);
    code[n] = 0;
    const char *at = strstr(code, text);
    return at ? (int)(at - code) : -1;
}

/* Written out before anything else is read: parameters, @among and what follows from it. */
static void fragments_are_written_out_first(void **state) {
    (void)state;
    char folder[] = "/tmp/aldia-mksql-XXXXXX", line[400], command[100];
    assert_non_null(mkdtemp(folder));
    int status = generate(folder,
                          "--: fragment those\n-- Of the list.\nid @among :ids -- and no others\n"
                          "--: a many\n--: ids text -> y int\nSELECT y FROM t WHERE (@@those) AND '@@those' <> '';\n"
                          "--: b many\n--: -> y int\nSELECT y FROM t WHERE customer_id @seen;\n",
                          line, sizeof line);
    assert_int_equal(status, 0);
    assert_true(found_in(folder, "(id IN (SELECT value FROM json_each('[' || ?1 || ']')))") > 0);
    assert_true(found_in(folder, ".sqlite_one = \"SELECT y FROM t WHERE (id = CAST(?1 AS INTEGER)) AND '") > 0);
    assert_true(found_in(folder, ".bounded = true") > 0);
    /* Who sees all is asked nothing. */
    assert_true(found_in(folder, ".sqlite_all = \"SELECT y FROM t WHERE 1 = 1\"") > 0);
    assert_true(found_in(folder, ".sqlite = \"SELECT y FROM t WHERE customer_id IN (SELECT") > 0);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static const struct CMUnitTest mksql_tests[] = {
    cmocka_unit_test(mistakes_are_named_with_their_line),
    cmocka_unit_test(fragments_are_written_out_first),
};
const struct test_suite mksql_suite = {"mksql", mksql_tests, COUNT_OF(mksql_tests)};
