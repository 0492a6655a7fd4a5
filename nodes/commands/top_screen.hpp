/// What `darkroom top` shows at a moment, and what keys do to it.
#pragma once

#include "nodes/commands/top_source.hpp"
#include "nodes/commands/top_table.hpp"
#include "services/terminal/terminal.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// What a key asks of the program.
struct top_deed {
  bool leaves = false;
  std::string cancels; ///< the id of a job; empty: none
};

/// Knows no terminal, no Redis and no clock: it turns what was seen into lines,
/// and keys into a state.
class top_screen {
public:
  explicit top_screen(bool is_coloured) : is_coloured_(is_coloured) {}

  /// What the source should look at for the current view.
  top_wish wish() const;

  /// Shows what was seen from now on.
  void see(nlohmann::json seen);

  /// A line for the bottom of the screen, until the next key.
  void tell(std::string message) {
    message_ = std::move(message);
  }

  top_deed press(const std::string& key);

  /// The whole screen: `size.lines` lines of at most `size.columns`.
  std::vector<std::string> frame(terminal_size size);

  /// Summary, nodes and running jobs, as long as they are: for no terminal.
  std::vector<std::string> printed(size_t columns);

private:
  enum class view : uint8_t { nodes, running, waiting, failed, node, job };

  static const char* state_of(view x);
  top_table table_of(view x) const;
  top_table sorted_table() const;
  void open(view x);
  void look_into();
  void move(int by);
  void ask_to_cancel();
  std::string selected_id() const;
  std::string head(size_t columns) const;
  std::string tabs(size_t columns) const;
  std::string bottom(size_t columns) const;
  void add_table(std::vector<std::string>& out, terminal_size size);
  void add_job(std::vector<std::string>& out, terminal_size size);

  bool is_coloured_;
  nlohmann::json seen_; ///< null before the first look
  view now_ = view::nodes;
  std::vector<view> before_; ///< where Escape goes back to
  std::string node_;         ///< of view::node
  std::string job_;          ///< of view::job
  size_t at_ = 0;            ///< the selected row, or the first line of a job
  size_t sort_ = 0;          ///< column + 1; 0: as they come
  bool is_reversed_ = false;
  bool has_help_ = false;
  std::string doomed_; ///< the job to cancel after a "y"
  std::string message_;
};

} // namespace darkroom
