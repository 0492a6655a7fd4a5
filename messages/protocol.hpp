/// The versions of the protocol between nodes, and how it may change.
///
/// A main node serves workers of its own version and of the one before, from
/// `oldest_protocol` on. So what nodes send may only grow, once per release:
///
/// - A struct gets new fields at its end, each written `since<N>(x.field)`,
///   where N is the next version (`versioned.hpp`). A node that does not know a
///   field skips it; a node that gets none has the field's default. So the
///   default says what the absence means.
/// - No field is removed, moved, or changed in type or meaning.
/// - An interface gets new messages, and loses none. A message is sent only to
///   a node that speaks a version that has it: `node_hello::protocol` tells.
/// - A message without a struct (a number, a text) never changes.
#pragma once

#include <cstdint>

namespace darkroom {

/// The newest version; the program for tests speaks the one before.
///
/// 11: structs travel as frames.
/// 12: `pool_status::done`; the main node's mark in `node_hello` and
/// `node_welcome`.
inline constexpr uint32_t newest_protocol = 12;

/// The version that this program speaks. In `protocol.cpp`, so that a program
/// that speaks the version before differs by this file only.
uint32_t protocol_version() noexcept;

/// The oldest version that a main node serves. Raise it by one with every
/// release that raises `protocol_version`, but never to a version that the
/// release before did not speak.
inline constexpr uint32_t oldest_protocol = 11;

static_assert(newest_protocol - oldest_protocol <= 1,
              "a main node serves its own version and the one before");

} // namespace darkroom
