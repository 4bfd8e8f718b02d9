#!/bin/sh
# blur-file.sh IN OUT.mkv: blurs every head of a video and writes the audit OUT.mkv.jsonl.
exec gst-launch-1.0 -q -e filesrc location="$1" ! decodebin expose-all-streams=false 'caps="video/x-raw(ANY)"' ! video/x-raw ! queue ! videoconvert \
  ! videoflip video-direction=auto ! deidfacedetect ! queue ! deidfaceblur mode=gaussian shape=head audit="$2.jsonl" ! queue \
  ! x264enc pass=qual quantizer=23 vbv-buf-capacity=0 speed-preset=veryfast ! matroskamux ! filesink location="$2"
