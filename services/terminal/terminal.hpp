/// What a terminal can show, and a whole screen of it.
#pragma once

#include "messages/result.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// Whether lines on this descriptor may be drawn again: a terminal that is not
/// dumb.
bool can_redraw(int fd);

/// Whether colours may be used: such a terminal, and NO_COLOR is not set
/// (no-color.org).
bool may_colour(int fd);

/// Columns and lines of a terminal; 80 and 24 if it does not tell.
struct terminal_size {
  size_t columns = 80;
  size_t lines = 24;
};

terminal_size size_of(int fd);

/// How many columns lines on standard output may have: those of its terminal,
/// or any number if it is no terminal, so that programs get all of it.
size_t columns_of_stdout();

/// The keys that are no characters.
inline constexpr const char* key_up = "up";
inline constexpr const char* key_down = "down";
inline constexpr const char* key_enter = "enter";
inline constexpr const char* key_escape = "escape";

/// What came while a screen waited.
struct screen_input {
  std::string key;       ///< a character or a name above; empty = none
  bool is_ended = false; ///< a signal or a lost terminal: leave
};

/// Takes the whole terminal (its alternate screen, raw keys), and gives it back
/// as it was when it is destroyed. TERM, INT and HUP, which must be blocked,
/// are told as `is_ended`, so that the owner can leave in order. One thread,
/// one screen.
class screen {
public:
  /// @returns ec::bad_input if standard input or output is no terminal
  static result<std::unique_ptr<screen>> open();
  ~screen();
  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;

  terminal_size size() const;

  /// Shows these lines and nothing else. They may contain colours, and must
  /// not be longer than the screen.
  void draw(const std::vector<std::string>& lines);

  /// Waits for a key, a signal or a new size, at most for `limit`.
  screen_input wait(std::chrono::milliseconds limit);

private:
  struct saved;
  explicit screen(std::unique_ptr<saved> before);
  std::string next_key();

  std::unique_ptr<saved> before_;
  int signals_ = -1;
  std::string typed_; ///< bytes that are no key yet
};

} // namespace darkroom
