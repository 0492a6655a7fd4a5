/// Whether the tests are built with a sanitizer. Such a codec process has few
/// walls, because the sanitizer's shadow needs terabytes, and keeps the memory
/// that it frees, to find those who still use it.
#pragma once

namespace darkroom::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

} // namespace darkroom::test
