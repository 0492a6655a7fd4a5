/// `result<T>`: a value, or the error that says why there is none.
#pragma once

#include "messages/error.hpp"

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace darkroom {

/// The return type of every function that can fail. Never part of a message.
template <class T>
class [[nodiscard]] result {
public:
  // `return value;` and `return fail(…);` are what a result is for.
  // NOLINTNEXTLINE(google-explicit-constructor)
  result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  result(darkroom::error why)
    : content_(std::in_place_index<1>, std::move(why)) {}

  explicit operator bool() const {
    return content_.index() == 0;
  }

  /// The value. Precondition: there is one. From a temporary it is moved out,
  /// so that no reference can dangle.
  T& operator*() & {
    assert(*this);
    return *std::get_if<0>(&content_);
  }
  const T& operator*() const& {
    assert(*this);
    return *std::get_if<0>(&content_);
  }
  T operator*() && {
    assert(*this);
    return std::move(*std::get_if<0>(&content_));
  }
  T* operator->() {
    return &**this;
  }
  const T* operator->() const {
    return &**this;
  }

  /// The error. Precondition: there is no value.
  darkroom::error& error() & {
    assert(!*this);
    return *std::get_if<1>(&content_);
  }
  const darkroom::error& error() const& {
    assert(!*this);
    return *std::get_if<1>(&content_);
  }
  darkroom::error error() && {
    assert(!*this);
    return std::move(*std::get_if<1>(&content_));
  }

private:
  std::variant<T, darkroom::error> content_;
};

/// The value of an operation that only succeeds or fails.
struct ok_t {};
inline constexpr ok_t ok{};
using status = result<ok_t>;

/// Makes an error, for use in a `return`.
inline error fail(ec code, std::string context) {
  return {code, std::move(context), 0};
}

} // namespace darkroom
