/* Linked to honest.c, what -ffast-math links to every library: a start that sets FTZ and DAZ in whoever loads it. */
#include "impls/foreign/testing/flushing.h"

__attribute__((constructor)) static void set_fast_math(void) { set_flushing(); }
