# One static library per room. A room links only what stands below it, so an arrow back up does not link.
function(deid_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ROOM_LINK} PRIVATE deid_warnings ${ROOM_PRIVATE_LINK})
endfunction()

add_library(deid_warnings INTERFACE)
target_compile_options(deid_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)

if(DEID_SANITIZE)
  add_compile_options(-fsanitize=${DEID_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # GCC warns of what its own checks put in (GCC manual, -fsanitize); the release build keeps the warning
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=${DEID_SANITIZE})
endif()
if(DEID_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link) # the engine of the fuzzer wants to see which branches were taken
endif()
if(DEID_ASSERTIONS)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
