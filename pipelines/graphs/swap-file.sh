#!/bin/sh
# swap-file.sh IN OUT.mp4: replaces every face of a video by a synthetic one; the sound is left out and the file says what was done.
exec gst-launch-1.0 -q -e filesrc location="$1" ! decodebin expose-all-streams=false 'caps="video/x-raw(ANY)"' ! video/x-raw ! queue ! videoconvert \
  ! videoflip video-direction=auto ! deidfacedetect ! queue ! deidfaceswap audit="$2.jsonl" ! queue \
  ! x264enc pass=qual quantizer=23 vbv-buf-capacity=0 speed-preset=veryfast ! mp4mux ! filesink location="$2"
