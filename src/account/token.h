/* Tokens: 256 random bits as text for whoever holds them, and their SHA-256 for us (INV: I17). */
#ifndef ACCOUNT_TOKEN_H
#define ACCOUNT_TOKEN_H

#include "base/str.h"

#define TOKEN_TEXT 44 /* 43 letters of base64url and the end */
#define TOKEN_HASH 32

void token_make(char out_text[TOKEN_TEXT]);
/* Of any text. */
void token_hash(Str text, unsigned char out_hash[TOKEN_HASH]);
/* Of two texts that belong together, told apart from every other pair. */
void token_hash_pair(Str kind, Str a, Str b, unsigned char out_hash[TOKEN_HASH]);
/* As long whatever differs; texts of different length are different. */
bool token_same(Str a, Str b);
/* A hash as a Str, for queries. */
Str token_bytes(const unsigned char hash[TOKEN_HASH]);
/* base64url of bytes without padding; `out` must hold (n * 4 + 2) / 3 + 1. */
void token_encode(const void *bytes, size_t n, char *out, size_t size);

#endif
