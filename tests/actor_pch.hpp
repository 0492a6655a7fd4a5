/// Precompiled header of tests of actors: CAF's front end costs seconds a file.
#pragma once

#include "actors/pch.hpp"
#include "tests/pch.hpp"
#include "tests/support/actor_fixture.hpp"

// Each suite names itself.
#undef CAF_SUITE
