/* Calls that have no place in this code, turned into compile errors; included by the build in every file outside base.
 * What to use instead is in the name. After git's banned.h. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H
#ifndef __ASSEMBLER__ /* given to every file of the library, the generated assembler too */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(func, instead) func##_is_banned__use_##instead

#undef strcpy
#define strcpy(d, s) BANNED(strcpy, buf_add)
#undef strcat
#define strcat(d, s) BANNED(strcat, buf_add)
#undef strncpy
#define strncpy(d, s, n) BANNED(strncpy, arena_str)
#undef strncat
#define strncat(d, s, n) BANNED(strncat, buf_add)
#undef sprintf
#define sprintf(...) BANNED(sprintf, buf_printf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf, buf_vprintf)
#undef strtok
#define strtok(s, d) BANNED(strtok, str_cut)
#undef atoi
#define atoi(s) BANNED(atoi, str_to_i64)
#undef atol
#define atol(s) BANNED(atol, str_to_i64)
#undef atof
#define atof(s) BANNED(atof, money_parse)
#undef gets
#define gets(s) BANNED(gets, getline)
#undef localtime
#define localtime(t) BANNED(localtime, zone_local)
#undef gmtime
#define gmtime(t) BANNED(gmtime, date_from_instant)
#undef mktime
#define mktime(t) BANNED(mktime, zone_instant)
#undef time
#define time(t) BANNED(time, clock_now)
#undef system
#define system(c) BANNED(system, posix_spawn)
#ifndef ALLOW_HEAP
#undef malloc
#define malloc(n) BANNED(malloc, arena_alloc)
#undef calloc
#define calloc(n, s) BANNED(calloc, arena_calloc)
#undef realloc
#define realloc(p, n) BANNED(realloc, vec_grow)
#endif

#endif
#endif
