#pragma once

#include <cmath>

namespace audit::impls {

/// What a score gives to both sides of a node, 1 in all.
template <class T>
struct Sides {
  T left;   ///< logistic(-score)
  T right;  ///< logistic(score)
};

/// Both from one exponential of -abs(score), which neither overflows nor cancels. Static, as rows.hpp says.
template <class T>
static Sides<T> logistic(T score) {
  const T e = std::exp(-std::abs(score));
  const T likely = 1 / (1 + e), unlikely = e / (1 + e);
  return score < 0 ? Sides<T>{likely, unlikely} : Sides<T>{unlikely, likely};
}

}  // namespace audit::impls
