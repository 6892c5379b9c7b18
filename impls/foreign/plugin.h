/* The plugin interface of softmax-audit, version 1.

   A plugin is a shared object that exports one function, softmax_audit_plugin_v1, which tells what it offers. Build it
   with `cc -O2 -fPIC -shared mine.c -o libmine.so -lm` and audit it with `softmax-audit check ./libmine.so`. The README
   has a complete one.

   What every function is held to
   - The map runs along the middle axis of shape, n = shape[1], for each of shape[0] x shape[2] rows. Without STRIDED a
     call is a contiguous batch: shape[2] = 1, rows one after another; the stride of an axis of length 1 means nothing.
   - x, operand, target and tree are read-only. Only the elements that shape and strides name are touched, in x, operand
     and y; the next byte may be unmapped.
   - The rounding mode, FTZ and DAZ are left as found, when the library is loaded, too; exception flags may be raised.
   - n = 0: nothing is written. n = 1: exactly 1, or 0 (log_softmax, cross_entropy) or x (logsumexp); gradients are 0.
     A mask alone may give that, or what all_masked says.
   - A NaN in a row, or in operand at its largest logit, shows: at least one NaN in that row's result. A masked (-inf)
     entry is exactly 0 (-inf for log_softmax) and has no influence.
   - A row with +inf gives a NaN row, in which masked entries may be 0 (-inf for log_softmax), NaN at the +inf entries
     and 0 elsewhere, or one-hot; logsumexp +inf or NaN; cross_entropy +inf or NaN, or 0 of a target at +inf.
     Hierarchical scores may be +inf or -inf: logistic is 1 or 0.
   - A result nearer to 0 than half the smallest subnormal is 0; 0 is faithful below one smallest subnormal. */
#ifndef SOFTMAX_AUDIT_PLUGIN_H
#define SOFTMAX_AUDIT_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* softmax_audit_function.map: the mathematical function. */
enum {
  SOFTMAX_AUDIT_SOFTMAX = 0,              /* of x/temperature */
  SOFTMAX_AUDIT_LOG_SOFTMAX = 1,          /* of x/temperature */
  SOFTMAX_AUDIT_LOGSUMEXP = 2,            /* one number a row */
  SOFTMAX_AUDIT_CROSS_ENTROPY = 3,        /* one number a row: logsumexp(x) - x[target] */
  SOFTMAX_AUDIT_SPARSEMAX = 4,            /* Martins & Astudillo 2016 */
  SOFTMAX_AUDIT_GUMBEL_SOFTMAX = 5,       /* softmax of (x + operand)/temperature, operand the Gumbel noise */
  SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX = 6, /* n leaves of a tree of n - 1 inner scores */
  SOFTMAX_AUDIT_SOFTMAX_VJP = 7,          /* operand times the Jacobian of softmax(x/temperature) with respect to x */
  SOFTMAX_AUDIT_LOG_SOFTMAX_VJP = 8,      /* operand times the Jacobian of log_softmax(x) */
  SOFTMAX_AUDIT_ENTMAX15 = 9,             /* max(x/2 - tau, 0)^2 of sum 1: Peters, Niculae & Martins 2019 */
  SOFTMAX_AUDIT_SPARSEMAX_VJP = 10,       /* operand times the Jacobian of sparsemax(x): operand less its mean over the
                                             entries with sparsemax(x) > 0, and 0 at the others */
  SOFTMAX_AUDIT_CROSS_ENTROPY_VJP = 11    /* the gradient of cross_entropy: softmax(x), less 1 at the target */
};

/* softmax_audit_function.format: the storage of x, operand and y. */
enum {
  SOFTMAX_AUDIT_F64 = 0, /* double */
  SOFTMAX_AUDIT_F32 = 1, /* float */
  SOFTMAX_AUDIT_F16 = 2, /* IEEE 754 binary16, its bits in a uint16_t */
  SOFTMAX_AUDIT_BF16 = 3 /* bfloat16, its bits in a uint16_t */
};

/* softmax_audit_function.promises: bits; what is not promised is measured, not judged. */
enum {
  SOFTMAX_AUDIT_STRIDED = 1,         /* any positive strides that do not overlap, any shape[2] */
  SOFTMAX_AUDIT_IN_PLACE = 2,        /* y == x with equal strides */
  SOFTMAX_AUDIT_THREAD_SAFE = 4,     /* concurrent calls on different data */
  SOFTMAX_AUDIT_BATCH_INVARIANT = 8, /* a row's bits depend on the row alone: not on other rows, its place in the batch,
                                        addresses or alignment */
  SOFTMAX_AUDIT_DETERMINISTIC = 16,  /* the same call gives the same bits again, whatever was called in between */
  SOFTMAX_AUDIT_SHIFT_EXACT = 32,    /* adding the same c to every finite entry, where each addition is exact, gives the
                                        same bits */
  SOFTMAX_AUDIT_SUBNORMALS = 64      /* subnormal results are not flushed; without it 0 is excused where the exact value
                                        less its slack is subnormal */
};

/* One call. Strides are in elements. Pointers that the map does not use are NULL. */
typedef struct {
  size_t size;           /* sizeof(softmax_audit_call) of the caller, in bytes */
  size_t shape[3];       /* outer, n, inner; the map runs along n. hierarchical_softmax: n leaves in y, n - 1 inner
                            scores in x */
  const void* x;         /* the logits, [outer, n, inner] in the function's format */
  ptrdiff_t x_stride[3]; /* of x and operand, one for each axis of shape */
  void* y;               /* the result, [outer, n, inner]; [outer, 1, inner] for logsumexp and cross_entropy */
  ptrdiff_t y_stride[3]; /* of y, one for each axis of shape */
  double temperature;    /* finite, > 0; 1 for maps that take none */
  const void* operand;   /* shape and strides of x: the Gumbel noise, or the upstream gradient of a VJP */
  const int64_t* target; /* cross_entropy and its VJP: one class index (0 .. n - 1) a row, in the order of rows */
  const int32_t* tree;   /* hierarchical_softmax: 2(n - 1) numbers, the left and right child of each inner node, node 0
                            the root; c >= 0 is inner node c, c < 0 is leaf -1 - c. The right child has probability
                            logistic(score), the left one logistic(-score). NULL: heap order, node i has children
                            2i + 1 and 2i + 2, nodes n - 1 .. 2n - 2 are the leaves in order */
} softmax_audit_call;

/* One function: a map in one format. Functions of the same name and map in several formats are judged as one target. */
typedef struct {
  size_t size;            /* sizeof(softmax_audit_function); functions[0].size is the step of the array, in bytes */
  const char* name;       /* what it is called in reports, at most 127 bytes of UTF-8 */
  int map;                /* SOFTMAX_AUDIT_SOFTMAX ... */
  int format;             /* SOFTMAX_AUDIT_F64 ... */
  unsigned promises;      /* SOFTMAX_AUDIT_STRIDED | ... */
  const char* all_masked; /* what a row of -inf only gives: "nan" (when NULL), "zero", "uniform"; log_softmax gives the
                             logarithm of that; logsumexp gives -inf unless it says "nan" itself */
  double max_ulp;         /* the claimed bound on abs(error) in units in the last place of the format, for every element
                             of every row of finite and masked entries, any n, any temperature; 0 claims nothing */
  int (*run)(const softmax_audit_call*); /* 0, or another number for 'not supported': listed, never a finding */
} softmax_audit_function;

/* What a plugin offers. All of it stays valid until the process ends. */
typedef struct {
  size_t size;                             /* sizeof(softmax_audit_plugin), in bytes */
  const char* library;                     /* its name, at most 127 bytes of UTF-8 */
  const char* version;                     /* its version, at most 127 bytes of UTF-8 */
  const softmax_audit_function* functions; /* count of them */
  size_t count;                            /* at least 1 */
} softmax_audit_plugin;

/* What a plugin exports. */
const softmax_audit_plugin* softmax_audit_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif
