/// Tells a channel's own events from those of other programs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace darkroom {

/// A process of Darkroom publishes an event and keeps it in the channel's ring
/// in one script. So a listener that has read the ring to its end knows every
/// such event by the time that it hears it, and what it does not know is of
/// another program. Both come in the same order, so events that it has read and
/// never hears are forgotten with the next one that it hears.
///
/// Not thread-safe. Holds one number per event that was read and not heard yet.
class channel_echo {
public:
  /// The channel was subscribed to. Events up to this number are not heard any
  /// more.
  void listen_after(uint64_t number);

  /// An event was read from the ring.
  /// @param is_foreign whether its message came before its place in the ring
  void await(uint64_t number, const std::string& text, bool is_foreign);

  /// The ring was lost; nothing is expected any more.
  void forget();

  /// A message was heard. If events were dropped from the ring before they were
  /// read, an unknown message is taken for one of them.
  bool is_own(const std::string& text);

private:
  struct item {
    size_t hash = 0;      ///< of the text
    uint64_t missing = 0; ///< a hole: events that were not read
  };

  std::deque<item> awaited_; ///< in the order of the channel
  uint64_t heard_ = 0;       ///< events up to this number are not heard
  uint64_t last_ = 0;        ///< the newest number that was read; 0: none
};

} // namespace darkroom
