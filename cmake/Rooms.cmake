# One static library per room. A room links only what stands below it, so an arrow back up does not link.
function(deid_room name)
  # OWN_HEADERS: it precompiles its own. PIXELS: its loops run over pixels or voxels and gain from -O3; elsewhere -O3 only
  # takes the compiler's time. The commands take -O1.
  cmake_parse_arguments(ROOM "OWN_HEADERS;PIXELS" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  deid_batches(sources ${ROOM_SOURCES})
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ROOM_LINK} PRIVATE deid_warnings ${ROOM_PRIVATE_LINK})
  if(NOT ROOM_OWN_HEADERS)
    deid_precompile(${name})
  endif()
  if(ROOM_PIXELS)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O3>)
  elseif(CMAKE_CURRENT_SOURCE_DIR MATCHES "/pipelines/deid")
    # A command line waits for others, not for itself. From GCC 13 on, -O2 of the precompiled headers sets options of the
    # machine that -O1 does not set, and GCC refuses headers with other options: there the commands take -O2, too.
    target_compile_options(${name} PRIVATE
      $<$<AND:$<CONFIG:Release>,$<NOT:$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>>>:-O1>)
  endif()
  deid_unite(${name})
endfunction()

# deid_first_gstreamer(out room): what of GStreamer the room, or a room that it links, links; empty when it is nothing.
function(deid_first_gstreamer out room)
  set(waiting ${room})
  set(seen)
  set(${out} "" PARENT_SCOPE)
  while(waiting)
    list(POP_FRONT waiting one)
    if(one MATCHES "PkgConfig::GST")
      set(${out} ${one} PARENT_SCOPE)
      return()
    endif()
    if(NOT TARGET ${one} OR one IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${one})
    foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(linked ${one} ${property})
      if(linked)
        string(REGEX REPLACE "\\$<LINK_ONLY:([^>]*)>" "\\1" linked "${linked}")
        list(APPEND waiting ${linked})
      endif()
    endforeach()
  endwhile()
endfunction()

# deid_without_gstreamer(room): the configuration fails when the room, or a room that it links, links GStreamer. Such a
# room has no path to GStreamer's headers either, so an include of them does not compile.
function(deid_without_gstreamer room)
  deid_first_gstreamer(found ${room})
  if(found)
    message(FATAL_ERROR "${room} links ${found}, though it is to know no GStreamer.")
  endif()
endfunction()

add_library(deid_warnings INTERFACE)
target_compile_options(deid_warnings INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Werror
  # In a batch a name of one file would be a shadowed name of the next (cmake/Unity.cmake)
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>
  # GCC 12 takes std::string's own buffer of 16 bytes for all that a string has, once its header is precompiled
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-restrict>"
  # GCC 13 and 14 take every function that gets a temporary and returns a reference for one that returns the temporary
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>:-Wno-dangling-reference>")

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
