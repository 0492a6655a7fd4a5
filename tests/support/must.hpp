/// Unwraps results in tests.
#pragma once

#include "messages/result.hpp"
#include "tests/support/test.hpp"

#include <utility>

namespace darkroom {

/// The value, or the end of the test case with the error's sentence.
template <class T>
T must(result<T> x) {
  if (!x)
    CAF_FAIL(to_string(x.error().code) << ": " << x.error().context);
  return std::move(*x);
}

/// The error, or the end of the test case.
template <class T>
error refused(result<T> x) {
  if (x)
    CAF_FAIL("there is no error");
  CAF_MESSAGE(to_string(x.error().code) << ": " << x.error().context);
  return std::move(x.error());
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace darkroom
