/// main() of the unit tests.
#include <caf/test/unit_test_impl.hpp>
