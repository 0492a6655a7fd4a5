/// Unwraps results in tests.
#pragma once

#include "messages/result.hpp"
#include "tests/support/test.hpp"

#include <utility>

namespace darkroom {

/// Returns the value. An error ends the test case with its sentence.
template <class T>
T must(result<T> x) {
  if (!x)
    CAF_FAIL(to_string(x.error().code) << ": " << x.error().context);
  return std::move(*x);
}

/// Returns the error. A value ends the test case.
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
