/* 128-bit integers for products of money and rates; the one place that spells the compiler's extension. */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UWide;

#endif
